"""Bare Flask for a server: what the program is measured against."""

from benchmarks.hello import bare

app = bare()
