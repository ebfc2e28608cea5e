"""Several items handled as one matter (一件事)."""
