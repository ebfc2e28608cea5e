"""Electronic certificates that a decision gives (电子证照)."""
