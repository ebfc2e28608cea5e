"""Where files lie (文件存储): one port; a local folder here, an object store behind the same two verbs."""

import contextlib
import os
import re
import secrets
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from app import settings
from app.crypto import cipher

_KEY = re.compile(r"[a-z0-9][a-z0-9/_-]{2,200}")


class FileMissingError(Exception):
    """No file is stored under that key."""


class Storage(Protocol):
    """Bytes under a key of our own making; encrypted before they leave the process."""

    def put(self, key: str, content: bytes) -> None:
        """Store bytes; writing the same key again replaces them."""

    def get(self, key: str) -> bytes:
        """Read bytes back; raises FileMissingError."""

    def delete(self, key: str) -> None:
        """Remove the bytes; removing what is not there changes nothing."""


class FolderStorage:
    """A folder on a local or shared disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes) -> None:
        """Store bytes so that a crash leaves the old file or the new one, never half of it."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
        try:
            with half.open("wb") as file:
                file.write(cipher().seal(content, purpose=f"file:{key}"))
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)  # what a full disk left of it

    def get(self, key: str) -> bytes:
        """Read bytes back; raises FileMissingError, or UnreadableError when they were changed."""
        try:
            sealed = self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise FileMissingError(key) from error
        return cipher().open(sealed, purpose=f"file:{key}")

    def delete(self, key: str) -> None:
        """Remove the bytes."""
        with contextlib.suppress(FileNotFoundError):
            self._path(key).unlink()

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a storage key: {key!r}")
        return self._folder / key


@cache
def storage() -> Storage:
    """The storage of this process, from STORAGE_URL."""
    address = urlsplit(settings.current().storage_url)
    if address.scheme != "file":
        raise settings.UnsafeSettingError(
            "STORAGE_URL must be a file:// address; no other store is built in yet."
        )
    return FolderStorage(Path(unquote(address.path)))
