"""The city's archive system (电子档案系统): packages taken once, each with a receipt.

Requests are signed as signed.py says, with headers that begin X-Archive.

PUT /archive/packages/<archive_no>  the package, a ZIP with metadata.xml and index.json
                                    → {archive_no, receipt_no, sha256, received_at}
GET /archive/packages/<archive_no>  the same, or 404 {code: not_found}

GET /_sim/archive/packages lists what is kept.
"""

import io
import zipfile

from flask import Blueprint, Response, jsonify, request

from . import signed
from .shelf import Shelf
from .signed import Refusal
from .world import World

NEEDED = {"metadata.xml", "index.json"}
REFUSALS = {"bad_package": 400, "archive_no_taken": 409}


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
    shelf = Shelf(world, letters="JS", taken="archive_no_taken")
    program = signed.Program("Archive", world.keys.archive_app_id, world.keys.archive_key)
    signed.guard(door, world, program, own=REFUSALS)

    @door.put("/archive/packages/<archive_no>")
    def hand_over(archive_no: str) -> Response:
        content = request.get_data()
        return jsonify(shelf.take(archive_no, content, _files(content)).receipt("archive_no"))

    @door.get("/archive/packages/<archive_no>")
    def ask(archive_no: str) -> Response:
        return jsonify(shelf.find(archive_no).receipt("archive_no"))

    @door.get("/_sim/archive/packages")
    def packages() -> Response:
        return jsonify(items=[each.receipt("archive_no") | {"files": each.about} for each in shelf.all()])

    return door
