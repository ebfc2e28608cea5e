"""What is granted is told to whoever supervises what follows (审管联动); nothing of how offices work."""
