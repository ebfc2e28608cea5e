"""Clients over HTTP (压测客户端): kept-alive connections that ask again when they are answered."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What a slice brought: answers by status, and how long each took in seconds."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Created things per second."""
        return self.statuses[201] / self.seconds

    def percentile_ms(self, percent: int) -> float:
        """How long this part of the answers took at most."""
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000 if ordered else 0.0


class _Client(asyncio.Protocol):
    """One connection."""

    def __init__(
        self, requests: Iterator[bytes], outcome: Outcome, until: float, done: Callable[[], None]
    ) -> None:
        self._requests, self._outcome, self._until, self._done = requests, outcome, until, done
        self._buffer = b""
        self._sent = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError
        self._transport = transport
        self._next(transport)

    def data_received(self, data: bytes) -> None:
        """Read one whole answer, then go on."""
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator or self._transport is None:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        self._buffer = b""
        self._outcome.took.append(time.monotonic() - self._sent)
        self._outcome.statuses[int(head[9:12])] += 1
        self._next(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """A connection that ends early ends the slice's use of it."""
        del exc
        self._done()

    def _next(self, transport: asyncio.Transport) -> None:
        request = next(self._requests, None) if time.monotonic() < self._until else None
        if request is None:
            transport.close()
            return
        self._sent = time.monotonic()
        transport.write(request)


def run(port: int, *, clients: int, seconds: float, requests: Iterator[bytes]) -> Outcome:
    """Let so many clients send for so long; every request that was sent is answered before it returns."""
    return asyncio.run(_run(port, clients, seconds, requests))


async def _run(port: int, clients: int, seconds: float, requests: Iterator[bytes]) -> Outcome:
    outcome, loop = Outcome(), asyncio.get_running_loop()
    ended = [loop.create_future() for _ in range(clients)]
    began = time.monotonic()

    def client(position: int) -> Callable[[], _Client]:
        def done() -> None:
            if not ended[position].done():
                ended[position].set_result(None)

        return lambda: _Client(requests, outcome, began + seconds, done)

    for position in range(clients):
        await loop.create_connection(client(position), "127.0.0.1", port)
    await asyncio.gather(*ended)
    outcome.seconds = time.monotonic() - began
    return outcome
