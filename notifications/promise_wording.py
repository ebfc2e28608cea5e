"""What is said about promises that were looked into (承诺核查的消息)."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.cases import credit_marks
from app.cases.events import PromiseFell
from app.documents.kinds import Kind
from app.events import Event
from app.promise_checks import pleas
from app.promise_checks import queries as checks
from app.promise_checks.events import PleaDecided, PromiseBroken, PromiseSettled
from app.promise_checks.models import TEXTS, CheckState
from app.promise_checks.plea_models import KIND_TEXTS, PleaKind, PleaState
from notifications.case_wording import of_case, paper_of
from notifications.drafts import Draft


def promise_broken(session: Session, event: PromiseBroken) -> Draft | None:
    """A promise was found not to be so; until when one may object."""
    line = checks.one(session, check_id=event.check_id)
    if line.check.state != CheckState.BROKEN:
        return None
    hint = f"“{line.promise.name}”的承诺核查不实，{line.check.object_until:%m月%d日}前可以在办件里陈述申辩。"
    return of_case(
        session,
        case_id=line.case.id,
        happening=f"promise_broken:{line.check.id}",
        title="承诺核查不实",
        state="可申辩",
        hint=hint,
        paper=paper_of(session, line.case.id, Kind.PROMISE_CHECK),
    )


def promise_settled(session: Session, event: PromiseSettled) -> Draft:
    """What follows from it."""
    line = checks.one(session, check_id=event.check_id)
    hint = f"“{line.promise.name}”：{TEXTS[CheckState(line.check.state)]}。理由和救济途径见文书。"
    return of_case(
        session,
        case_id=line.case.id,
        happening=f"promise_settled:{line.check.id}",
        title="承诺核查已处理",
        state="已处理",
        hint=hint,
        paper=paper_of(session, line.case.id, Kind.PROMISE_END),
    )


def plea_decided(session: Session, event: PleaDecided) -> Draft:
    """What became of an objection to a record, or of the wish that it ends (异议、信用修复的结果)."""
    plea = pleas.one(session, plea_id=event.plea_id)
    line = checks.one(session, check_id=plea.check_id)
    kind, granted = KIND_TEXTS[PleaKind(plea.kind)], plea.state == PleaState.GRANTED
    outcome = "已同意，这条失信记录已经结束" if granted else "没有同意"
    next_step = "" if granted else _AFTER_REFUSAL[PleaKind(plea.kind)]
    reason = (plea.reason or "").rstrip("。")
    return of_case(
        session,
        case_id=line.case.id,
        happening=f"plea_decided:{plea.id}",
        title=f"{kind}已处理",
        state="已同意" if granted else "未同意",
        hint=f"“{line.promise.name}”的{kind}{outcome}。理由：{reason}。{next_step}",
        # Who does not hear of a refusal misses the days in which it can be reviewed.
        must_arrive=not granted,
    )


_AFTER_REFUSAL: Mapping[PleaKind, str] = {
    PleaKind.OBJECTION: "不服的，可以申请行政复议或者提起行政诉讼；已经改正的，可以在办件里申请信用修复。",
    PleaKind.REPAIR: "改正以后，可以在办件里再申请。",
}


def promise_fell(session: Session, event: PromiseFell) -> Draft:
    """A promise does not count, for its giver is on a list: what to bring, and where to object (承诺不算)."""
    credit = credit_marks.of_case(session, case_id=event.case_id)
    listed = "" if credit is None else f"（{credit.listed}）"
    hint = (
        f"查到您被列入严重失信主体名单{listed}，告知承诺不算，{event.materials}{event.what_now}。"
        "对名单有异议的，请向列入您的部门提出。"
    )
    return of_case(
        session,
        case_id=event.case_id,
        happening="promise_fell",
        title="需要补交材料",
        state="待补交",
        hint=hint,
        must_arrive=True,
    )


MESSAGES: Mapping[type[Event], Callable[[Session, Any], Draft | None]] = {
    PromiseBroken: promise_broken,
    PromiseSettled: promise_settled,
    PleaDecided: plea_decided,
    PromiseFell: promise_fell,
}
