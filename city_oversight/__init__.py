"""Talking with the city's supervision platform (事中事后监管平台): events, receipts; its job repeats."""
