"""Ports for servers that tests start (端口)."""

import itertools
import os
import socket

# Below those that systems hand out by themselves: nobody else is given one before its server listens.
_FIRST, _PER_WORKER, _WORKERS = 20_000, 3_000, 4
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS
# Each process begins elsewhere, so that two runs on one machine seldom meet.
_turns = itertools.count(os.getpid())


def free_port() -> int:
    """A loopback port nobody listens on, and that this process has not given before."""
    for turn in itertools.islice(_turns, _PER_WORKER):
        port = _FIRST + _WORKER * _PER_WORKER + turn % _PER_WORKER
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise OSError("no free port")
