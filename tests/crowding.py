"""Crowds that form for sure: the first is held up until the others have queued behind (合并处理)."""

import threading
from collections.abc import Callable
from typing import Any

from app.crowds import Crowd


class Gate:
    """Writes answers as `render` does, the first one only when so many wait behind it."""

    def __init__(self, crowd: Crowd[Any], *, waiting: int, render: Callable[[Any], bytes]) -> None:
        self._crowd, self._waiting, self._render = crowd, waiting, render
        self._open = threading.Event()

    def __call__(self, served: Any) -> bytes:
        for _ in range(500):
            if len(self._crowd._waiting) >= self._waiting or self._open.wait(0.01):
                break
        self._open.set()
        return self._render(served)
