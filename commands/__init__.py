"""The operators' door (运维命令): `flask --app wsgi …`."""
