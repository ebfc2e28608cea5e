"""The list of a bundle for one person, kept by its number (一件事的办理清单)."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import settings
from app.bundles import for_person, lists
from app.bundles.for_person import PersonalPart, Wanted
from app.bundles.lists import ListView
from app.catalogue import cards
from app.db import unit_of_work
from app.situations import saying
from miniprogram_api.bundle_questions import MOST_PARTS, TASK_CODE, said_field
from miniprogram_api.checklist_shapes import RefusalOut, SaidOut, WayOut
from miniprogram_api.guide_shapes import FeeOut, LimitOut, MaterialOut
from web.callers import MAYBE_CITIZEN, PUBLIC
from web.door import Door
from web.times import ShanghaiTime

door = Door("bundle_lists", __name__, url_prefix="/api/v1")


class BundleAnswersIn(Schema):
    """Which items (task codes; none named: all), and the answers by the names of the questions."""

    parts = fields.List(fields.String(validate=TASK_CODE), validate=validate.Length(1, MOST_PARTS))
    answers = said_field(required=True)


class PersonalPartOut(Schema):
    """One item and what it means for this person; parts of one step go in parallel."""

    step = fields.Integer()
    task_code = fields.String()
    name = fields.String()
    eligible = fields.Boolean()
    refusals = fields.List(fields.Nested(RefusalOut))
    ways = fields.List(fields.Nested(WayOut))
    fees = fields.List(fields.Nested(FeeOut))
    limit = fields.Nested(LimitOut)
    visits = fields.Integer()
    place = fields.String(metadata={"description": "where this person goes; empty: as the guide says"})
    notes = fields.List(fields.String())


class PersonalMaterialOut(MaterialOut):
    """One thing to hand in once; what an earlier item yields (`given_by`) is not asked for."""

    given_by = fields.String(allow_none=True)


class SaidInBundleOut(SaidOut):
    """A question that was asked once, with the answer in words."""

    class Meta:
        """The words are those of the day; by which key each item asked them is nobody's concern here."""

        exclude = ("key",)


class BundleListOut(Schema):
    """What one person needs for a bundle; materials and days are those of the items they may apply for.

    `days`: one step after the other, the slowest item of each; working and calendar days as they are.
    """

    list_no = fields.String()
    bundle_key = fields.String()
    name = fields.String()
    made_at = ShanghaiTime()
    over_at = ShanghaiTime()
    outdated = fields.Boolean(metadata={"description": "a guide has changed since; make a new one"})
    answers = fields.List(fields.Nested(SaidInBundleOut))
    parts = fields.List(fields.Nested(PersonalPartOut))
    materials = fields.List(fields.Nested(PersonalMaterialOut))
    days = fields.Integer()
    page_url = fields.String(metadata={"description": "a page that prints well"})
    provenance = fields.String()


@door.post("/bundles/<key>/list", auth=MAYBE_CITIZEN, takes=BundleAnswersIn, gives=BundleListOut, status=201)
def make_bundle_list(key: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Say what this person needs for a bundle, and keep it by a number (一件事的办理清单)."""
    with unit_of_work() as session:
        asked = for_person.questionnaire(session, key=key, chosen=data.get("parts"))
        made = lists.make(session, asked=asked, said=data["answers"])
        return _list(lists.kept(session, list_no=made.list_no))


@door.get("/bundle-lists/<list_no>", auth=PUBLIC, gives=BundleListOut)
def show_bundle_list(list_no: str) -> ResponseReturnValue:
    """Show a bundle's list to whoever has its number, which nobody guesses and which names nobody."""
    with unit_of_work() as session:
        return _list(lists.kept(session, list_no=list_no))


def page_url(list_no: str) -> str:
    """Where the page to print is."""
    return f"{settings.current().public_url.rstrip('/')}/bundle-lists/{list_no}"


def _list(view: ListView) -> dict[str, Any]:
    dumped: dict[str, Any] = BundleListOut().dump(
        {
            "list_no": view.list_no,
            "bundle_key": view.bundle_key,
            "name": view.name,
            "made_at": view.made_at,
            "over_at": view.over_at,
            "outdated": view.outdated,
            "answers": [{"question": question, "answer": answer} for question, answer in view.said],
            "parts": [_part(part) for part in view.personal.parts],
            "materials": [_material(wanted) for wanted in view.personal.materials],
            "days": view.personal.days,
            "page_url": page_url(view.list_no),
            "provenance": view.provenance,
        }
    )
    return dumped


def _part(part: PersonalPart) -> dict[str, Any]:
    days, unit = part.person.limit
    return {
        "step": part.step,
        "task_code": part.guide.task_code,
        "name": part.guide.name,
        "eligible": part.person.eligible,
        "refusals": part.person.refusals,
        "ways": [
            {"on": way.on and way.on.isoformat(), "text": saying.way_in_words(way)}
            for way in part.person.ways
        ],
        "fees": [{"charge": "always", "note": "", "amount_fen": None, **fee} for fee in part.person.fees],
        "limit": {"days": days, "unit": unit, "text": cards.limit_text(days, unit), "explain": ""},
        "visits": part.person.visits,
        "place": part.person.place or "",
        "notes": part.person.notes,
    }


def _material(wanted: Wanted) -> dict[str, Any]:
    """A material under a code of its own: two guides may call different things by the same one."""
    code, told = wanted.guide.task_code, wanted.material
    return {
        **told,
        "material_code": f"{code}-{told['material_code']}",
        "is_need": "1" if wanted.mandatory else told["is_need"],
        "one_of": f"{code}-{told['one_of']}" if told.get("one_of") and not wanted.mandatory else None,
        "blank": None,
        "sample": None,
        "given_by": wanted.giver.name if wanted.giver else None,
    }
