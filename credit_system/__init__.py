"""Talking with the city's credit platform (公共信用信息平台): lists asked, records told; its jobs repeat."""
