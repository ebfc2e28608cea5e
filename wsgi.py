"""The door for web servers: `granian --interface wsgi wsgi:app` and `flask --app wsgi …`."""

import gc

from bootstrap import create_app

app = create_app()
# What was put together stays as long as the process. A request leaves next to no cycles, and to look for them
# after every 700 new objects, as Python does unless told otherwise, is a fifteenth of its work.
gc.freeze()
gc.set_threshold(20_000)
