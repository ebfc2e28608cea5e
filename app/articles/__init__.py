"""Policies explained in plain words, linked to the items they are about (政策解读)."""
