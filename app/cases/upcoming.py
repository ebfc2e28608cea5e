"""What is due next with a case and from whom (下一步)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app import clock
from app.cases import billing, limits, owed, ways
from app.cases.machine import Reviewed
from app.cases.models import Case
from app.cases.owed_models import OwedMaterial
from app.cases.prechecked import Prechecked, Standing
from app.cases.states import State
from app.certificates.models import Certificate
from app.fees.models import Bill, BillState


@dataclass(frozen=True, slots=True)
class Next:
    """What is due next (下一步): `who` is citizen, office or nobody; `by` is the last day, if any."""

    who: str
    who_text: str
    what: str
    by: date | None = None


_NOTHING = Next("nobody", "", "不需要再做什么")


def next_of(
    case: Case,
    bills: Sequence[Bill],
    review: Reviewed | None = None,
    *,
    to_follow: Sequence[OwedMaterial] = (),
    awaited: Sequence[str] = (),
    given: Certificate | None = None,
    precheck: Prechecked | None = None,
) -> Next:
    """What is due next and from whom.

    `review`: what the machine said, `to_follow`: what was left out, `awaited`: departments that have not
    given their opinion, `given`: the certificate it gave, `precheck`: of a draft.
    """
    state = State(case.state)
    unpaid = _sum_of(bills, BillState.UNPAID)
    if state is State.DRAFT:
        return _next_of_draft(case, precheck)
    if state is State.SUBMITTED:
        return _next_of_submitted(case, review)
    if state is State.CORRECTION:
        return Next("citizen", "您", "按补正告知修改后提交", case.correct_by)
    if state is State.ACCEPTED:
        return _next_of_owed(case, to_follow) or _next_of_accepted(case, unpaid, awaited)
    if state is State.DECIDED:
        return Next(*ways.next_step(case, revoked=given is not None and given.revoked))
    return _next_of_ended(bills) if state in {State.WITHDRAWN, State.TERMINATED} else _NOTHING


def _next_of_draft(case: Case, precheck: Prechecked | None) -> Next:
    stands = Standing.NONE if precheck is None else precheck.standing
    if precheck is not None and stands is Standing.ASKED:
        return Next("office", case.dept_name, "预审您的材料，有答复马上告诉您", precheck.due_on)
    if precheck is not None and stands is Standing.PASSED:
        return Next("citizen", "您", "预审已通过，带原件到窗口办理", precheck.holds_until)
    if stands is Standing.TO_MEND:
        return Next("citizen", "您", "按预审意见改好，再请预审")
    return Next("citizen", "您", "补全表单和材料后提交")


def _next_of_owed(case: Case, to_follow: Sequence[OwedMaterial]) -> Next | None:
    """What was left out comes before everything else; None once all of it is there and right (容缺)."""
    late = [one for one in to_follow if owed.is_overdue(one)]
    if late:
        return Next("office", case.dept_name, f"{owed.names(late)}没有按期补交，由审批人员处理")
    open_ones = [one for one in to_follow if owed.is_open(one)]
    if open_ones:
        return Next("citizen", "您", f"补交{owed.names(open_ones)}", owed.last_day(open_ones))
    brought = [one for one in to_follow if one.confirmed_at is None]
    if brought:
        return Next("office", case.dept_name, f"核对补交的{owed.names(brought)}", case.promised_due_on)
    return None


def _next_of_submitted(case: Case, review: Reviewed | None) -> Next:
    if case.correct_by is not None:
        return Next("office", case.dept_name, "查看补正的内容，决定是否受理", case.notice_due_on)
    if review is None or review.passed:
        return Next("office", case.dept_name, "查看材料，决定是否受理", case.notice_due_on)
    names = "、".join(f"“{one.text}”" for one in review.doubts)
    return Next("office", case.dept_name, f"人工查看{names}，决定是否受理", review.person_by)


def _next_of_accepted(case: Case, unpaid: int, awaited: Sequence[str]) -> Next:
    if unpaid and not case.fee_open:
        return Next("citizen", "您", f"缴费{billing.yuan(unpaid)}元")
    if case.notice_objected_on is not None:
        return Next("office", case.dept_name, "核实公告期内提出的异议，时限暂停")
    if case.clock_paused_on is not None:
        return Next("office", case.dept_name, "进行特别程序，时限暂停，结束后继续办理")
    return Next("office", case.dept_name, _work_of(case, awaited), case.promised_due_on)


def _work_of(case: Case, awaited: Sequence[str]) -> str:
    """What the office does now with a case whose clock runs."""
    if case.fee_open:
        return "确定收费或者减免"
    if awaited:
        return f"等{'、'.join(awaited)}回复意见，再作出决定"
    if limits.notice_is_over(case, today=clock.today()):
        return "审查并作出决定"
    return f"公告到{case.notice_until:%Y年%m月%d日}，期满没有异议的，再作出决定"


def _next_of_ended(bills: Sequence[Bill]) -> Next:
    """A fee that was paid is asked back: whether the work had begun is for the office to judge.

    No amount is named: a part of it may have gone back already.
    """
    if not _sum_of(bills, BillState.PAID):
        return _NOTHING
    return Next("citizen", "您", "已缴的费用可在“我的缴费”里申请退费，也可带身份证到窗口办理")


def _sum_of(bills: Sequence[Bill], state: BillState) -> int:
    return sum(bill.amount_fen for bill in bills if bill.state == state)
