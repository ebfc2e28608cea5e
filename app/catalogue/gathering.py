"""What can be found, read from the database (检索来源): public items with their words, general questions."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.catalogue.entries import Entry, Passage
from app.catalogue.models import Faq, GuideVersion, ItemState, ServiceItem
from app.catalogue.search_models import SearchAlias

PUBLIC = (ServiceItem.state == ItemState.IN_USE.value, ServiceItem.secret.is_(False))


def how_many(session: Session) -> int:
    """How many items are public."""
    return session.scalar(select(func.count()).select_from(ServiceItem).where(*PUBLIC)) or 0


def still_public(session: Session, task_codes: Sequence[str]) -> set[str]:
    """Those of the items that are public at this moment."""
    if not task_codes:
        return set()
    asked = select(ServiceItem.task_code).where(ServiceItem.task_code.in_(task_codes), *PUBLIC)
    return set(session.scalars(asked))


def items(session: Session, *, refs: Sequence[int] | None = None) -> Iterator[tuple[int, Entry]]:
    """Public items with what is said of them, all or those with these ids."""
    now = clock.now()
    current = (
        select(ServiceItem.id, ServiceItem.audiences, GuideVersion.version, GuideVersion.body)
        .join(GuideVersion, and_(GuideVersion.service_item_id == ServiceItem.id))
        .where(
            *PUBLIC,
            GuideVersion.effective_from <= now,
            or_(GuideVersion.effective_to.is_(None), GuideVersion.effective_to > now),
        )
        .order_by(ServiceItem.id)
    )
    if refs is not None:
        current = current.where(ServiceItem.id.in_(refs))
    rows = session.execute(current).all()
    codes = None if refs is None else [row.body["task_code"] for row in rows]
    said, asked = _aliases(session, codes), _questions(session, codes)
    for row in rows:
        code = row.body["task_code"]
        yield (
            row.id,
            item_entry(
                row.body,
                asked.get(code, []),
                said=said.get(code, []),
                about=(f"i{row.id}", row.version, tuple(row.audiences)),
            ),
        )


def general(session: Session) -> list[Entry]:
    """Questions that belong to no single item; their words are kept under their own key."""
    found = session.scalars(select(Faq).where(Faq.task_code.is_(None)).order_by(Faq.id)).all()
    said = _aliases(session, [faq.faq_key for faq in found])
    return [general_entry(faq, said.get(faq.faq_key, [])) for faq in found]


def _aliases(session: Session, codes: Sequence[str] | None) -> dict[str, list[str]]:
    asked = select(SearchAlias.task_code, SearchAlias.words).order_by(SearchAlias.id)
    if codes is not None:
        asked = asked.where(SearchAlias.task_code.in_(codes))
    found: dict[str, list[str]] = {}
    for row in session.execute(asked):
        found.setdefault(row.task_code, []).append(row.words)
    return found


def _questions(session: Session, codes: Sequence[str] | None) -> dict[str | None, list[Faq]]:
    asked = select(Faq).where(Faq.task_code.is_not(None)).order_by(Faq.id)
    if codes is not None:
        asked = asked.where(Faq.task_code.in_(codes))
    found: dict[str | None, list[Faq]] = {}
    for faq in session.scalars(asked):
        found.setdefault(faq.task_code, []).append(faq)
    return found


def item_entry(
    body: dict[str, Any],
    own: list[Faq],
    *,
    said: list[str],
    about: tuple[str, int, tuple[str, ...]],
) -> Entry:
    """An item to be found: its guide, its questions, what is said of it; about: key, version, audiences."""
    passages = [Passage("task_name", str(body["task_name"]))]
    passages += [Passage("plain_names", name) for name in _texts(body, "plain_names")]
    passages += [Passage("aliases", words) for words in said]
    passages.append(Passage("keywords", " ".join(_texts(body, "keywords"))))
    asked: dict[str, str] = {faq["question"]: faq["answer"] for faq in _objects(body, "faqs")}
    for faq in own:
        asked |= dict.fromkeys([faq.question, *faq.paraphrases], faq.answer)
    for question, answer in asked.items():
        passages.append(Passage("faqs", question, answer))
    passages += [Passage("answers", answer, answer) for answer in dict.fromkeys(asked.values())]
    passages += [Passage("accept_condition", condition) for condition in _texts(body, "accept_condition")]
    passages += [Passage("common_mistakes", mistake) for mistake in _texts(body, "common_mistakes")]
    passages.append(Passage("materials", " ".join(one["name"] for one in _objects(body, "materials"))))
    passages.append(Passage("department", f"{body['dept_name']} {body['theme']}"))
    key, version, audiences = about
    return Entry(
        task_code=str(body["task_code"]),
        name=str(body["task_name"]),
        version=version,
        audiences=audiences,
        provenance=str(body["provenance"]),
        passages=tuple(passage for passage in passages if passage.text.strip()),
        key=key,
    )


def general_entry(faq: Faq, said: list[str]) -> Entry:
    """A general question to be found, with what is said for it."""
    passages = [Passage("faqs", asked, faq.answer) for asked in [faq.question, *faq.paraphrases]]
    passages += [Passage("aliases", words, faq.answer) for words in said]
    passages.append(Passage("answers", faq.answer, faq.answer))
    return Entry(None, faq.question, None, (), faq.provenance, tuple(passages), f"f{faq.id}")


def _texts(body: dict[str, Any], field: str) -> list[str]:
    values = body.get(field)
    return [str(value) for value in values] if isinstance(values, list) else []


def _objects(body: dict[str, Any], field: str) -> list[dict[str, str]]:
    values = body.get(field)
    return list(values) if isinstance(values, list) else []
