"""What is measured: each file is a command that prints a ratio of one run, never an absolute time."""
