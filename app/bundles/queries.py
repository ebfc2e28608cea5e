"""What can be asked about bundles (查询一件事)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bundles import figures, one_form, one_questionnaire
from app.bundles.errors import BundleNotFound
from app.bundles.figures import Figures
from app.bundles.models import Bundle
from app.bundles.one_questionnaire import Asking, Sameness
from app.catalogue import together
from app.catalogue.together import Part
from app.situations.tables import read


@dataclass(frozen=True, slots=True)
class BundleView:
    """A bundle with the cards of those of its items that can be handled now, and what it saves.

    `form_fields` are the words of what is asked once, `question_count` says how many questions about their
    situation a person is asked; `order` holds item keys, and those in one step go in parallel.
    """

    bundle_key: str
    name: str
    audience: str
    body: dict[str, Any]
    provenance: str
    items: list[dict[str, Any]]
    form_fields: list[str]
    question_count: int
    order: list[list[str]]
    figures: Figures


def all_of(
    session: Session, *, audience: str | None = None, after: int | None = None, limit: int = 20
) -> tuple[list[BundleView], int | None]:
    """Bundles in their order, with their items: two statements however many there are."""
    statement = select(Bundle).order_by(Bundle.place, Bundle.bundle_key)
    if audience is not None:
        statement = statement.where(Bundle.audience == audience)
    if after is not None:
        statement = statement.where(Bundle.place > after)
    found = session.scalars(statement.limit(limit + 1)).all()
    more = found[limit - 1].place if len(found) > limit else None
    return _views(session, found[:limit]), more


def bundle(session: Session, *, key: str) -> BundleView:
    """One bundle; raises BundleNotFound."""
    return _views(session, [stored(session, key=key)])[0]


def stored(session: Session, *, key: str) -> Bundle:
    """One bundle as it is stored; raises BundleNotFound."""
    found = session.get(Bundle, key) if key.isprintable() else None  # PostgreSQL refuses NUL
    if found is None:
        raise BundleNotFound(key=key)
    return found


def figures_of_all(session: Session) -> list[Figures]:
    """What each bundle saves: two statements however many there are."""
    return [view.figures for view in _views(session, session.scalars(select(Bundle)).all())]


def _views(session: Session, found: Sequence[Bundle]) -> list[BundleView]:
    codes = {code for one in found for code in one.task_codes}
    parts = together.parts_of(session, task_codes=sorted(codes))
    return [_view(one, parts) for one in found]


def sameness(body: Mapping[str, Any]) -> list[Sameness]:
    """Which questions of its items a bundle declares to be one."""
    return [Sameness(text, frozenset(names)) for text, names in body.get("same_questions", {}).items()]


def _asking(by_key: Mapping[str, Part], order: Sequence[Sequence[str]]) -> list[Asking]:
    return [
        Asking(by_key[key].task_code, key, read(by_key[key].situations)) for step in order for key in step
    ]


def _view(one: Bundle, parts: Mapping[str, Part]) -> BundleView:
    shown = [parts[code] for code in one.task_codes if code in parts]
    by_key = {str(part.card["item_key"]): part for part in shown}
    order = [[key for key in step if key in by_key] for step in one.body["parallel"]]
    return BundleView(
        bundle_key=one.bundle_key,
        name=one.name,
        audience=one.audience,
        body=one.body,
        provenance=one.provenance,
        items=[part.card for part in shown],
        form_fields=one_form.labels(shown),
        question_count=len(one_questionnaire.merged(_asking(by_key, order), sameness(one.body))),
        order=[step for step in order if step],
        figures=figures.of(by_key, order),
    )
