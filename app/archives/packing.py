"""The package of an archive as bytes (归档信息包): a ZIP with an index of every file and its SHA-256.

The same contents make the same bytes, in whichever process and whenever.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app import clock
from app.archives.contents import FORMAT, Contents

INDEX: Final = "index.json"
_MODE: Final = 0o600 << 16


class PackageDamagedError(Exception):
    """A package is not what it was when it was made; the argument says in what."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package: its bytes, their SHA-256, that of its index, and how many files the index names."""

    content: bytes
    sha256: bytes
    index_sha256: bytes
    files: int


def pack(contents: Contents, stored: Mapping[str, bytes]) -> Package:
    """Put everything together; `stored` are the files of the storage under their names in the package."""
    files = {**contents.written, **stored}
    listed = [
        {"name": name, "sha256": hashlib.sha256(files[name]).hexdigest(), "size": len(files[name])}
        for name in sorted(files)
    ]
    told = {"archive_no": contents.archive_no, "format": FORMAT, "hash": "SHA-256", "files": listed}
    index = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()
    out = io.BytesIO()
    moment = clock.local(contents.closed_at).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name in (INDEX, *sorted(files)):
            entry = zipfile.ZipInfo(name, (moment[0], *moment[1:]))
            entry.external_attr = _MODE
            package.writestr(entry, index if name == INDEX else files[name])
    content = out.getvalue()
    return Package(
        content, hashlib.sha256(content).digest(), hashlib.sha256(index).digest(), files=len(listed)
    )


def check(content: bytes, *, sha256: bytes, index_sha256: bytes) -> None:
    """Look through a package file by file; raises PackageDamagedError, which names what is not as it was."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_files(package, index_sha256)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise PackageDamagedError("the package cannot be read") from error
    if hashlib.sha256(content).digest() != sha256:
        raise PackageDamagedError("the package has other bytes, though every file in it is as it was")


def _check_files(package: zipfile.ZipFile, index_sha256: bytes) -> None:
    index = package.read(INDEX)
    if hashlib.sha256(index).digest() != index_sha256:
        raise PackageDamagedError(f"{INDEX} is not as it was")
    listed = {one["name"]: one["sha256"] for one in json.loads(index)["files"]}
    there = [name for name in package.namelist() if name != INDEX]
    if sorted(there) != sorted(listed):
        raise PackageDamagedError("files are missing, or there are more than there were")
    for name, wanted in listed.items():
        if hashlib.sha256(package.read(name)).hexdigest() != wanted:
            raise PackageDamagedError(f"{name} is not as it was")
