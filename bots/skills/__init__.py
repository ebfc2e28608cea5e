"""What the bot can do, one file each; a skill either answers a question or passes it on."""
