"""The city's archive system (电子档案系统): packages taken once, each with a receipt.

Requests are signed as signed.py says, with headers that begin X-Archive.

PUT /archive/packages/<archive_no>  the package, a ZIP with metadata.xml and index.json
                                    → {archive_no, receipt_no, sha256, received_at}
GET /archive/packages/<archive_no>  the same, or 404 {code: not_found}

GET /_sim/archive/packages lists what is kept.
"""

import hashlib
import io
import secrets
import zipfile
from dataclasses import asdict, dataclass

from flask import Blueprint, Response, jsonify, request

from . import signed
from .signed import REFERENCE, Refusal
from .world import World

NEEDED = {"metadata.xml", "index.json"}
REFUSALS = {"bad_package": 400, "archive_no_taken": 409}


@dataclass(frozen=True)
class Package:
    """One package as the archive system keeps it."""

    archive_no: str
    receipt_no: str
    sha256: str
    received_at: str
    files: list[str]


class Shelf:
    """All packages, by their numbers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: dict[str, Package] = {}
        world.on_reset.append(self._kept.clear)

    def take(self, archive_no: str, content: bytes) -> Package:
        """Take a package in; the same number with the same bytes is the same one. Raises Refusal."""
        if REFERENCE.fullmatch(archive_no) is None:
            raise Refusal("bad_reference")
        sha256, files = hashlib.sha256(content).hexdigest(), _files(content)
        with self._world.lock:
            before = self._kept.get(archive_no)
            if before is None:
                number = f"JS{secrets.randbelow(10**12):012d}"
                at = self._world.clock.wire().isoformat()
                before = self._kept[archive_no] = Package(archive_no, number, sha256, at, files)
            elif before.sha256 != sha256:
                raise Refusal("archive_no_taken")
            return before

    def find(self, archive_no: str) -> Package:
        """One package; raises Refusal."""
        with self._world.lock:
            found = self._kept.get(archive_no)
        if found is None:
            raise Refusal("not_found")
        return found

    def all(self) -> list[Package]:
        """Everything that is kept."""
        with self._world.lock:
            return list(self._kept.values())


def _files(content: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
    except zipfile.BadZipFile as error:
        raise Refusal("bad_package") from error
    if not set(names) >= NEEDED:
        raise Refusal("bad_package")
    return names


def blueprint(world: World) -> Blueprint:
    """Serve the archive system and, under /_sim/archive, a look at its shelf."""
    door = Blueprint("archive", __name__)
    shelf = Shelf(world)
    program = signed.Program("Archive", world.keys.archive_app_id, world.keys.archive_key)
    signed.guard(door, world, program, own=REFUSALS)

    def shown(package: Package) -> Response:
        return jsonify(
            archive_no=package.archive_no,
            receipt_no=package.receipt_no,
            sha256=package.sha256,
            received_at=package.received_at,
        )

    @door.put("/archive/packages/<archive_no>")
    def hand_over(archive_no: str) -> Response:
        return shown(shelf.take(archive_no, request.get_data()))

    @door.get("/archive/packages/<archive_no>")
    def ask(archive_no: str) -> Response:
        return shown(shelf.find(archive_no))

    @door.get("/_sim/archive/packages")
    def packages() -> Response:
        return jsonify(items=[asdict(each) for each in shelf.all()])

    return door
