"""Electronic supervision (电子监察): who is warned of which case, once each, and what was said to it."""
