"""The door for web servers: `granian --interface wsgi wsgi:app` and `flask --app wsgi …`."""

import gc

from bootstrap import create_app

app = create_app()
# What was put together stays as long as the process: nobody looks through it for garbage again.
gc.freeze()
