"""Ways into the catalogue (主题、部门、标签) and the lists it refers to (代码表、收费标准、区划)."""

from collections.abc import Callable
from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.catalogue import cards, queries
from app.db import unit_of_work
from miniprogram_api import etags
from web.callers import PUBLIC, audience_of
from web.door import Door

door = Door("themes", __name__, url_prefix="/api/v1")


class CountsQuery(Schema):
    """For whom to count."""

    audience = fields.String(load_default=None, validate=validate.OneOf(list(cards.AUDIENCES)))


class CountOut(Schema):
    """A word, how many public items share it, and whether they are demonstration data."""

    key = fields.String()
    name = fields.String()
    count = fields.Integer()
    provenance = fields.String()


@door.get("/themes", auth=PUBLIC, query=CountsQuery, gives=CountOut, many=True)
def list_themes(query: dict[str, Any]) -> ResponseReturnValue:
    """List the themes with counts (主题)."""
    return _counted(queries.themes, query["audience"], {})


@door.get("/departments", auth=PUBLIC, query=CountsQuery, gives=CountOut, many=True)
def list_departments(query: dict[str, Any]) -> ResponseReturnValue:
    """List the departments with counts (部门)."""
    return _counted(queries.departments, query["audience"], {})


@door.get("/labels", auth=PUBLIC, query=CountsQuery, gives=CountOut, many=True)
def list_labels(query: dict[str, Any]) -> ResponseReturnValue:
    """List the labels with counts (标签)."""
    return _counted(queries.labels, query["audience"], cards.LABELS)


@door.get("/lists/<key>", auth=PUBLIC)
def show_list(key: str) -> ResponseReturnValue:
    """Show a reference list with its origin (代码表、收费标准、区划)."""
    with unit_of_work() as session:
        return etags.answer(etags.kept(queries.reference_list(session, key=key)))


def _counted(
    ask: Callable[..., list[queries.Count]], audience: str | None, words: dict[str, str]
) -> ResponseReturnValue:
    with unit_of_work() as session:
        found = ask(session, audience=audience_of(audience))
        items = [
            CountOut().dump(
                {
                    "key": one.name,
                    "name": words.get(one.name, one.name),
                    "count": one.count,
                    "provenance": one.provenance,
                }
            )
            for one in found
        ]
        return etags.answer(etags.kept({"items": items, "next_cursor": None}))
