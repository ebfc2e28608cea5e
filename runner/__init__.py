"""The development launcher: real servers and our own processes, started together and gone together."""
