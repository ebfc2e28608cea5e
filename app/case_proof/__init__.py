"""What a citizen can prove of a case without the city's goodwill: every step in a chain (办事凭据)."""
