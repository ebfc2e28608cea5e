"""What of a case was taken in electronically (已收的电子材料), and that nobody asks for its paper again.

《国务院关于在线政务服务的若干规定》第八条: what was handed in online and fits is not handed in once more on
paper. It stands as it was handed in: clerks read it and write remarks beside it, and the database refuses to
take a page of it away.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases import owed, paper_words, promised, proofs, situation
from app.cases.correction_errors import PaperAskedAgain
from app.cases.models import Case
from app.cases.states import State
from app.catalogue import queries as catalogue
from app.materials import queries as materials

Names = dict[str, str]
_MOST_RUNNING = 50


def of_case(session: Session, case: Case) -> Names:
    """The names of what was handed in electronically, by material code."""
    return of_cases(session, [case])[case.id]


def of_cases(session: Session, cases: Sequence[Case]) -> dict[int, Names]:
    """The same for several cases: the same few statements for all; nothing of a draft.

    By photos, by a certificate that is valid today, or by a promise that stands for it. What was to follow
    later counts once it was found right.
    """
    ids = [case.id for case in cases if case.state != State.DRAFT]
    photos = materials.of_cases(session, case_ids=ids)
    given = proofs.of_cases(session, case_ids=ids)
    signed, follow = promised.of_cases(session, case_ids=ids), owed.of_cases(session, case_ids=ids)
    found: dict[int, Names] = {case.id: {} for case in cases}
    for case in (one for one in cases if one.id in photos):
        open_ones = {one.material_code for one in follow[case.id] if one.confirmed_at is None}
        there = {
            *photos[case.id],
            *proofs.valid(given[case.id]),
            *(one.material_code for one in signed[case.id]),
        }
        listed = _listed(session, case)
        found[case.id] = {code: listed[code] for code in listed if code in there - open_ones}
    return found


def at_windows(session: Session, *, citizen_id: int) -> dict[str, list[str]]:
    """What nobody need bring for the items of a citizen's own running cases (不用再带): names by item."""
    running = (State.SUBMITTED, State.CORRECTION, State.ACCEPTED)
    mine = (Case.citizen_id == citizen_id, Case.organisation_id.is_(None))
    asked = select(Case).where(*mine, Case.state.in_(running))
    cases = session.scalars(asked.order_by(Case.id.desc()).limit(_MOST_RUNNING)).all()
    found: dict[str, list[str]] = {}
    for case, names in zip(cases, of_cases(session, cases).values(), strict=True):
        if names:
            found.setdefault(case.task_code, []).extend(names.values())
    return {task_code: list(dict.fromkeys(names)) for task_code, names in found.items()}


def refuse_paper_again(session: Session, case: Case, *said: str) -> None:
    """Raises PaperAskedAgain when words that the applicant reads ask for the paper of what is there."""
    there = of_case(session, case)
    others = [name for code, name in _listed(session, case).items() if code not in there]
    words = "\n".join(said)
    names = paper_words.asked_for(words, there=list(there.values()), others=others) if there else []
    if names:
        raise refused(names)


def refuse_once_more(session: Session, case: Case, name: str) -> None:
    """Raises PaperAskedAgain when a thing that somebody wants is one that is there already."""
    names = paper_words.same_thing(name, there=list(of_case(session, case).values()))
    if names:
        raise refused(names)


def refused(names: Sequence[str]) -> PaperAskedAgain:
    """The refusal, which names what is there."""
    return PaperAskedAgain(errors={name[:64]: [f"“{name}”已在网上收到"] for name in names})


def _listed(session: Session, case: Case) -> Names:
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    every = {one["material_code"] for one in guide.materials}
    return {
        str(one["material_code"]): str(one["name"])
        for one in situation.materials(case, guide, handed_in=every)
    }
