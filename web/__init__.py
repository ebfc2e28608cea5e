"""What every door shares: problems, sessions of callers, one tap one effect, the outermost wrapper."""
