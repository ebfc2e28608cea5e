"""What citizens think of a service (好差评), and what a bad rating sets going (差评整改)."""
