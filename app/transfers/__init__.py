"""Cases collected in one hall and decided at home: what goes from hall to hall (异地代收代办)."""
