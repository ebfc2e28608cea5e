"""Some of those whose case was closed are called and asked how it went (办理回访)."""
