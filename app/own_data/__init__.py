"""What a citizen may know of their own data: who looked, one file of all, the end (我的数据)."""
