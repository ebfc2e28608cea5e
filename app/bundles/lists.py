"""The list of a bundle kept by a number (一件事的办理清单、一次性告知): what its holder reads.

Kept are the answers and the versions of the guides that they were given to: the list is read as it was made,
also after a guide has changed, and then says so. Nothing in it names the person.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import clock
from app.bundles import for_person
from app.bundles.errors import ListNotFound
from app.bundles.for_person import Personal, Questionnaire
from app.bundles.models import BundleList
from app.bundles.one_questionnaire import Said
from app.catalogue import queries as catalogue
from app.catalogue import together
from app.catalogue.queries import Guide
from app.centres.models import Centre
from app.checklists import numbers
from app.checklists.service import KEPT_FOR
from app.situations import engine, saying
from app.situations import guide as situations
from app.situations.engine import Answer


@dataclass(frozen=True, slots=True)
class ListView:
    """A list with what follows from it; `outdated` when a guide has changed or ended since.

    `said` are questions with their answers in words, `halls` those that take an item, by its task code.
    """

    list_no: str
    bundle_key: str
    name: str
    personal: Personal
    said: list[tuple[str, str]]
    halls: Mapping[str, Sequence[Centre]]
    made_at: datetime
    over_at: datetime
    outdated: bool
    provenance: str


def make(session: Session, *, asked: Questionnaire, said: Said) -> BundleList:
    """Keep what somebody answered to the questions of a bundle; raises AnswersIncomplete."""
    now = clock.now()
    today = clock.local(now).date()
    read = for_person.answered(asked, said, today=today)
    heard = {
        code: engine.heard(situations.table_of(guide.body), read[code], today=today)
        for code, guide in asked.guides.items()
    }
    answers = {code: {key: str(one) for key, one in given.items()} for code, given in heard.items()}
    kept = BundleList(
        list_no=numbers.new_number(),
        bundle_key=asked.bundle.bundle_key,
        name=asked.bundle.name,
        provenance=asked.bundle.provenance,
        steps=asked.steps,
        versions={code: guide.version_id for code, guide in asked.guides.items()},
        sealed_answers=json.dumps(
            {"answers": answers, "said": _in_words(asked, read, heard)}, ensure_ascii=False
        ),
        made_at=now,
    )
    session.add(kept)
    session.flush()
    return kept


def kept(session: Session, *, list_no: str) -> ListView:
    """The list of this number, by the guides and on the day it was made; raises ListNotFound.

    Four statements however many parts there are.
    """
    found = _stored(session, list_no)
    told = json.loads(found.sealed_answers)
    versions = catalogue.guides_by_version(session, version_ids=set(found.versions.values()))
    guides = {code: versions[version_id] for code, version_id in found.versions.items()}
    answers = {
        code: situations.answers_of(situations.table_of(guide.body), told["answers"][code])
        for code, guide in guides.items()
    }
    current = together.guides_of(session, task_codes=list(guides))
    return ListView(
        list_no=found.list_no,
        bundle_key=found.bundle_key,
        name=found.name,
        personal=for_person.of(guides, found.steps, answers, today=clock.local(found.made_at).date()),
        said=[(question, answer) for question, answer in told["said"]],
        halls=_halls(session, guides),
        made_at=found.made_at,
        over_at=found.made_at + KEPT_FOR,
        outdated={code: guide.version_id for code, guide in current.items()} != found.versions,
        provenance=found.provenance,
    )


def forget_old(session: Session, *, limit: int = 5000) -> int:
    """Drop lists that are over; how many."""
    old = select(BundleList.id).where(BundleList.made_at < clock.now() - KEPT_FOR).limit(limit)
    gone = session.execute(delete(BundleList).where(BundleList.id.in_(old)).returning(BundleList.id))
    return len(gone.all())


def _stored(session: Session, list_no: str) -> BundleList:
    number = numbers.as_printed(list_no)
    readable = number.isascii() and number.isalnum()
    found = session.scalar(select(BundleList).where(BundleList.list_no == number)) if readable else None
    if found is None or found.made_at < clock.now() - KEPT_FOR:
        raise ListNotFound
    return found


def _in_words(
    asked: Questionnaire, read: Mapping[str, Mapping[str, Answer]], heard: Mapping[str, Mapping[str, Answer]]
) -> list[tuple[str, str]]:
    """Each question that counted for some part, once and as it was asked, with the answer in words."""
    told: list[tuple[str, str]] = []
    for shared in asked.shared:
        at = next((one for one in shared.askers if one.key in heard[one.code]), None)
        if at is not None:
            told.append((shared.question.text, saying.in_words(shared.question, read[at.code][at.key])))
    return told


def _halls(session: Session, guides: Mapping[str, Guide]) -> dict[str, list[Centre]]:
    taking = {code: guide.body.get("transact_centers") or [] for code, guide in guides.items()}
    ids = {hall for halls in taking.values() for hall in halls}
    found = session.scalars(select(Centre).where(Centre.id.in_(ids)).order_by(Centre.id)).all()
    return {code: [hall for hall in found if hall.id in halls] for code, halls in taking.items()}
