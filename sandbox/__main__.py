"""Run the stand-ins: `python -m sandbox --folder F --port 8001 --app-url http://127.0.0.1:8000`."""

import argparse
import os
import signal
import sys
from pathlib import Path

from . import keys
from .server import create_app, serve
from .world import World


def main() -> int:
    """Prepare the keys, then serve until SIGTERM or SIGINT."""
    options = _read_options()
    made = keys.load_or_make(options.folder)
    world = World(options.folder, made, port=options.port, host=options.host, app_url=options.app_url)
    if options.prepare:
        _say(f"sandbox prepared: {keys.write_app_env(options.folder, made, url=world.url)}")
        return 0
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    server = serve(create_app(world), host=options.host, port=options.port)
    keys.write_app_env(options.folder, made, url=world.url)  # only now: a taken port changes nothing
    _say(f"sandbox ready: {world.url} (phone: {world.url}/phone?person=lin)")
    server.serve_forever()
    return 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="sandbox", description="Stand-ins of WeChat, Alipay, SMS and the registry."
    )
    parser.add_argument("--folder", type=Path, required=True, help="where keys and app.env are kept")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--app-url", default="http://127.0.0.1:8000", help="where pushes and callbacks go")
    parser.add_argument("--prepare", action="store_true", help="write keys and app.env, then exit")
    return parser.parse_args()


def _stop(_number: int, _frame: object) -> None:
    # Nothing is kept on disk while running and all state may be lost, so there is nothing to tidy;
    # a hung request must not keep the process alive.
    os._exit(0)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
