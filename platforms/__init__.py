"""Thin clients of WeChat, WeChat Pay, Alipay and SMS: sign, send, verify, translate errors.

The only room that knows an SDK. Everything that goes wrong leaves as a `platforms.errors.PlatformError`.
"""
