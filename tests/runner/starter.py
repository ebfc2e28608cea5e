"""A launcher to be killed: starts both servers in the folder named, says where they are, and waits."""

import json
import signal
import sys
from pathlib import Path

from runner.errors import CannotStart
from runner.postgres import Postgres
from runner.redis import Redis

folder = Path(sys.argv[1])
postgres, redis = Postgres(folder / "postgres"), Redis(folder / "redis")
try:
    urls = [postgres.start().replace("+psycopg", ""), redis.start()]
except CannotStart as refusal:
    sys.exit(str(refusal))
numbers = [server._process.pid for server in (postgres, redis) if server._process]
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
sys.stdout.write(json.dumps({"urls": urls, "pids": numbers}) + "\n")
sys.stdout.flush()
signal.sigwait({signal.SIGTERM})
redis.stop()
postgres.stop()
