"""What can go wrong while starting; each says in one sentence what to do."""


class CannotStart(Exception):
    """Something needed did not start; the text is for the person at the terminal."""
