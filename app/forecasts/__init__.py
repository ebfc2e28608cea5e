"""How long it really takes, from this city's own cases, and how often we were right (办结预测)."""
