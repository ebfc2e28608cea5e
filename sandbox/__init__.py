"""Stand-ins of WeChat, WeChat Pay, Alipay and SMS that speak the same protocols on 127.0.0.1.

A process of its own: it imports nothing of the program, and the program imports nothing of it, so that
client and stand-in cannot be wrong together.
"""
