"""The staff door (工作台): pages for clerks, made on the server, that need no script."""
