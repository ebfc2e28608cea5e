"""What the city signs, so that anybody can check it without asking the city (城市签名)."""
