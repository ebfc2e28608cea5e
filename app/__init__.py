"""What a city service is and how it may change. No HTTP, no platform, no SDK."""
