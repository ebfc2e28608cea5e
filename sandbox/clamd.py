"""A stand-in of ClamAV's daemon (clamd): `python -m sandbox.clamd --port 3310` or `--socket /path`.

It speaks zPING, zVERSION and zINSTREAM, finds the test string of EICAR anywhere in a stream and nothing else,
and ends a stream of more than 25 MB as the daemon does by default.
"""

import argparse
import socketserver
import struct
import sys
from pathlib import Path

LIMIT = 25 * 1024 * 1024
# In two parts, so that no scanner takes this file for what it looks for.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_LONGEST_COMMAND = 64


class Line(socketserver.StreamRequestHandler):
    """One connection: one command, one answer."""

    timeout = 30

    def handle(self) -> None:
        """Read a command up to its zero byte and answer it."""
        command = b""
        while not command.endswith(b"\0") and len(command) < _LONGEST_COMMAND:
            byte = self.rfile.read(1)
            if not byte:
                return
            command += byte
        self.wfile.write(self._answer(command.strip(b"z\0")) + b"\0")

    def _answer(self, command: bytes) -> bytes:
        if command == b"PING":
            return b"PONG"
        if command == b"VERSION":
            return b"ClamAV 1.4.0/0/stand-in"
        if command != b"INSTREAM":
            return b"UNKNOWN COMMAND"
        return self._looked_through()

    def _looked_through(self) -> bytes:
        seen = bytearray()
        while True:
            head = self.rfile.read(4)
            if len(head) < 4:  # noqa: PLR2004 - a length in four bytes
                return b"INSTREAM: Can't read. ERROR"
            (length,) = struct.unpack("!I", head)
            if length == 0:
                break
            if len(seen) + length > LIMIT:
                return b"INSTREAM size limit exceeded. ERROR"
            seen += self.rfile.read(length)
        return b"stream: Eicar-Test-Signature FOUND" if EICAR in seen else b"stream: OK"


class OverTcp(socketserver.ThreadingTCPServer):
    """Reached by a port."""

    request_queue_size = 128  # as the real daemon; with five, callers of one moment wait a second

    allow_reuse_address = True
    daemon_threads = True


class OverFile(socketserver.ThreadingUnixStreamServer):
    """Reached by a file of the file system."""

    request_queue_size = 128

    daemon_threads = True


def main() -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="sandbox.clamd", description="Stand-in of ClamAV's daemon.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=3310)
    parser.add_argument("--socket", type=Path, help="listen on this file instead of a port")
    options = parser.parse_args()
    server = (
        OverFile(str(options.socket), Line) if options.socket else OverTcp((options.host, options.port), Line)
    )
    sys.stdout.write(f"clamd stand-in ready: {server.server_address!r}\n")
    sys.stdout.flush()
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
