"""A form that could not be taken (没有收下的表单): where it stood, and what was written on it."""

from flask import current_app, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from console.callers import READS

# What clerks write in sentences; numbers and choices are made again in a moment.
# A form of many rows names them with their place: `rows.2.note`.
_WRITTEN = ("text", "reason", "legal_basis", "note", "help", "instead", "law")
_NO_PAGE = "console_start.nowhere"


def page() -> str | None:
    """The address of the page that the form stood on; None when nothing was sent, or from everywhere."""
    if request.method in READS:
        return None
    addresses = current_app.url_map.bind("")
    path = request.path
    while path.startswith("/console/"):
        try:
            endpoint, _ = addresses.match(path, "GET")
        except HTTPException:
            endpoint = _NO_PAGE
        if endpoint != _NO_PAGE:
            return path
        path = path.rpartition("/")[0]
    return None


def words() -> list[str]:
    """The sentences on the form, so that nobody has to write them twice."""
    if request.method in READS:
        return []
    try:
        return [
            text
            for name, text in request.form.items(multi=True)
            if name.rpartition(".")[2] in _WRITTEN and text.strip()
        ]
    except RequestEntityTooLarge:
        return []
