"""Telling people what has happened (消息通知): one table from event to message; sent once."""
