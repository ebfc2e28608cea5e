"""Talking with the market-regulation registry (市场监管登记系统): names asked for, and what it tells."""
