"""The door for web servers: `granian --interface wsgi wsgi:app` and `flask --app wsgi …`."""

from bootstrap import create_app

app = create_app()
