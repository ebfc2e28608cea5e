"""The shape of our items, for offices and programs that send or read them (事项数据结构)."""

import functools

from flask.typing import ResponseReturnValue

from app.catalogue import schema
from miniprogram_api import etags
from web.callers import PUBLIC
from web.door import Door

door = Door("guide_schema", __name__, url_prefix="/api/v1/guides")


@door.get("/schema", auth=PUBLIC)
def show_schema() -> ResponseReturnValue:
    """Give the shape of a file of items as JSON Schema 2020-12 (事项数据结构)."""
    return etags.answer(_kept())


@functools.cache
def _kept() -> etags.Kept:
    return etags.kept_bytes(schema.document())
