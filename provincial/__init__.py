"""Talking with the province's systems (省级平台): one file for each, and its job owns every repetition."""
