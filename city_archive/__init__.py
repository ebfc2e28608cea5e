"""Talking with the city's archive system (电子档案系统): packages, receipts; its job repeats."""
