"""Blank forms and filled samples to fetch (下载空白表、样本), one of each kind per material."""

import base64
from typing import Any
from urllib.parse import quote

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.catalogue import queries as catalogue
from app.db import unit_of_work
from app.papers import queries
from app.papers.errors import PaperNotFound
from app.papers.models import Paper
from miniprogram_api.paper_shapes import KINDS, file_name
from web.callers import PUBLIC
from web.door import Door

door = Door("papers", __name__, url_prefix="/api/v1/guides/<task_code>/materials/<material_code>")

# A version never changes; only that an item becomes secret takes its files away.
_OF_A_VERSION, _OF_TODAY = "public, max-age=3600", "public, no-cache"
_LARGEST_VERSION = 2**31 - 1


class VersionIn(Schema):
    """Of which version of the guide; without one, of the current one."""

    version = fields.Integer(load_default=None, validate=validate.Range(1, _LARGEST_VERSION))


@door.get("/blank", auth=PUBLIC, query=VersionIn)
def show_blank(task_code: str, material_code: str, query: dict[str, Any]) -> ResponseReturnValue:
    """Give the blank form of a material (空白表)."""
    return _answer(task_code, material_code, kind="blank", version=query["version"])


@door.get("/sample", auth=PUBLIC, query=VersionIn)
def show_sample(task_code: str, material_code: str, query: dict[str, Any]) -> ResponseReturnValue:
    """Give the filled sample of a material (示范样本)."""
    return _answer(task_code, material_code, kind="sample", version=query["version"])


def _answer(task_code: str, material_code: str, *, kind: str, version: int | None) -> Response:
    """The file, or 304 for whoever has exactly these bytes; it is always saved, never shown as a page."""
    paper, name = _find(task_code, material_code, kind=kind, version=version)
    response = Response(mimetype=paper.media_type)
    response.set_etag(paper.sha256)
    response.headers["Cache-Control"] = _OF_TODAY if version is None else _OF_A_VERSION
    if paper.sha256 in request.if_none_match or request.if_none_match.star_tag:
        response.status_code = 304
        return response
    response.set_data(queries.content(paper))
    digest = base64.b64encode(bytes.fromhex(paper.sha256)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"  # RFC 9530
    plain = f"{kind}.{name.rpartition('.')[2]}"
    # RFC 6266: the name in Chinese, and a plain one for what does not know it.
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return response


def _find(task_code: str, material_code: str, *, kind: str, version: int | None) -> tuple[Paper, str]:
    """The paper and how it is called; raises PaperNotFound, GuideNotFound, ItemCancelled."""
    with unit_of_work() as session:
        guide = catalogue.guide(session, task_code=task_code, version=version)
        told = next((one for one in guide.materials if one["material_code"] == material_code), {})
        sha256 = told.get(KINDS[kind])
        paper = queries.by_digest(session, sha256s=[sha256]).get(sha256) if sha256 else None
        if paper is None:
            raise PaperNotFound
        return paper, file_name(told, paper, kind=kind)
