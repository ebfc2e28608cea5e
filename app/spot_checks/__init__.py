"""A person looks again at some of what the machine decided (秒批抽查)."""
