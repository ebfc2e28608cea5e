"""The papers of what was signed and promised (承诺书、共同申请人同意书、核查告知书、处理决定书).

Each is safe to issue again.
"""

from sqlalchemy.orm import Session

from app import clock
from app.cases import co_signed, owed, promised
from app.cases.events import CaseCorrected, CaseSubmitted
from app.cases.models import Case
from app.documents import issuing, wording
from app.documents.facts import Facts, day
from app.documents.kinds import Kind
from app.documents.sheet import Part, Sheet
from app.promise_checks import queries as checks
from app.promise_checks.events import PromiseBroken, PromiseSettled
from app.promise_checks.models import TEXTS, CheckState
from app.promise_checks.queries import Line
from app.undertakings import queries as undertakings
from app.undertakings.models import Kind as Signed
from app.undertakings.models import SignedUndertaking

_RIGHTS = (
    "依照《中华人民共和国行政许可法》第七条，您可以在期限内到一码办的这个办件里陈述申辩。"
    "提出以后，失信记录暂缓报送，由另一位审批人员复核。"
)

# A second applicant agrees to what is applied for, and promises nothing.
_PAPERS = {
    Signed.TOLERANCE: Kind.UNDERTAKING,
    Signed.PROMISE: Kind.UNDERTAKING,
    Signed.CO_SIGN: Kind.CO_SIGNATURE,
}


def issue_undertakings(session: Session, event: CaseSubmitted | CaseCorrected) -> None:
    """Issue a numbered copy of each signed text that holds for the case (承诺书、共同申请人同意书)."""
    case = session.get_one(Case, event.case_id)
    standing = {
        *(one.undertaking_id for one in owed.of_case(session, case_id=case.id)),
        *(one.undertaking_id for one in promised.of_case(session, case_id=case.id)),
    }
    co_signing = co_signed.of_case(session, case_id=case.id)
    if co_signing is not None and co_signing.undertaking_id is not None:
        standing.add(co_signing.undertaking_id)
    if not standing:
        return
    signed = undertakings.of_cases(session, case_ids=[case.id])[case.id]
    # Numbers are taken kind by kind, or two cases of one department might wait for each other in a circle.
    for one in sorted(signed, key=lambda one: _PAPERS[Signed(one.kind)]):
        if one.id in standing:
            _issue_undertaking(session, case, one)


def issue_finding(session: Session, event: PromiseBroken) -> None:
    """Tell in writing what was found, and until when the applicant may object (承诺核查告知书)."""
    line = checks.one(session, check_id=event.check_id)
    checked = line.check.checked_at or clock.now()
    issuing.issue(
        session,
        case=line.case,
        kind=Kind.PROMISE_CHECK,
        occasion=f"check:{line.check.id}",
        on=clock.local(checked).date(),
        write=lambda known: _finding(known, line),
    )


def issue_outcome(session: Session, event: PromiseSettled) -> None:
    """Tell in writing what follows, and what can be done against it (承诺核查处理决定书)."""
    line = checks.one(session, check_id=event.check_id)
    settled = line.check.settled_at or clock.now()
    issuing.issue(
        session,
        case=line.case,
        kind=Kind.PROMISE_END,
        occasion=f"check:{line.check.id}",
        on=clock.local(settled).date(),
        write=lambda known: _outcome(known, line),
    )


def _issue_undertaking(session: Session, case: Case, one: SignedUndertaking) -> None:
    title, *lines = one.sealed_text.splitlines()
    signed = clock.local(one.signed_at)

    def write(known: Facts) -> Sheet:
        rows = [
            *wording.head(known),
            ("签署人", known.applicant if one.citizen_id == case.citizen_id else "共同申请人"),
            ("签署时间", f"{signed:%Y年%m月%d日 %H:%M}"),
            ("全文校验值", one.digest),
        ]
        opening = f"签署人在网上阅读并签署了下面的{title}，原文照录。"
        return wording.sheet_of(known, opening, rows, Part(title, tuple(lines)))

    issuing.issue(
        session,
        case=case,
        kind=_PAPERS[Signed(one.kind)],
        occasion=f"undertaking:{one.id}",
        on=signed.date(),
        write=write,
    )


def _finding(known: Facts, line: Line) -> Sheet:
    until = line.check.object_until
    rows = [*wording.head(known), ("承诺代替的材料", line.promise.name)]
    if until is not None:
        rows.append(("陈述申辩期限", f"{day(until)}前"))
    opening = f"您在办理“{line.case.task_name}”时作出的承诺，经核查与实际情况不符，现告知您。"
    return wording.sheet_of(
        known,
        opening,
        rows,
        Part("核查情况", (line.check.evidence or "",)),
        Part("您的权利", (_RIGHTS,)),
    )


def _outcome(known: Facts, line: Line) -> Sheet:
    check = line.check
    rows = [
        *wording.head(known),
        ("承诺代替的材料", line.promise.name),
        ("处理结果", TEXTS[CheckState(check.state)]),
        ("处理人", check.settled_by_name or ""),
    ]
    opening = f"您在办理“{line.case.task_name}”时作出的承诺，经核查、听取陈述申辩后，作出如下处理。"
    parts = [Part("理由", (check.settlement or "",))]
    if check.legal_basis:
        parts.append(Part("法律依据", (check.legal_basis,)))
    if check.state != CheckState.CLEARED:
        parts.append(wording.remedies(known))
    return wording.sheet_of(known, opening, rows, *parts)
