"""Who was told what about a case (告知记录): the messages, their readers, and the ways they left by."""

from dataclasses import dataclass

from app.cases.models import Case
from app.certificates import queries as certificates
from app.db import Session
from app.fees import queries as fees
from app.organisations import queries as organisations
from app.people import queries as people
from notifications import queries as messages
from notifications.models import DispatchState, Way
from notifications.queries import Told

WAYS = {Way.WECHAT: "微信", Way.ALIPAY: "支付宝", Way.SMS: "短信"}
SENDINGS = {
    DispatchState.PENDING: "待发送",
    DispatchState.SENDING: "发送中",
    DispatchState.SENT: "已送出",
    DispatchState.FAILED: "没有发出",
    DispatchState.UNKNOWN: "不确定是否送达",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One message with its reader's name, as far as the city knows it, and whether it still concerns them."""

    told: Told
    reader: str
    is_current: bool


def told(session: Session, case: Case) -> list[Line]:
    """What was told about a case, its bills and its certificate, oldest first."""
    found = messages.told_of(session, citizen_ids=readers(session, case), subjects=subjects(session, case))
    names = people.names(session, citizen_ids={one.message.citizen_id for one in found})
    role = "申请人" if case.organisation_id is None else "经办人"
    current = set(readers_today(session, case))
    return [
        Line(
            one,
            reader=f"{role}{names.get(one.message.citizen_id, '')}",
            is_current=one.message.citizen_id in current,
        )
        for one in found
    ]


def readers(session: Session, case: Case) -> list[int]:
    """Whom news of a case concern or have concerned: the applicant, or whoever acts for the company."""
    if case.organisation_id is None:
        return [case.citizen_id]
    return organisations.ever_held(session, organisation_id=case.organisation_id)


def readers_today(session: Session, case: Case) -> list[int]:
    """Who may be told once more: whoever acts for the company no longer is told nothing new of it."""
    if case.organisation_id is None:
        return [case.citizen_id]
    return organisations.holders(session, organisation_id=case.organisation_id, task_codes=[case.task_code])


def subjects(session: Session, case: Case) -> list[str]:
    """What messages of a case are about."""
    about = [
        f"case:{case.id}",
        *(f"bill:{bill.id}" for bill in fees.of_case(session, case_id=case.id)),
    ]
    certificate = certificates.of_case(session, case_id=case.id)
    return about if certificate is None else [*about, f"certificate:{certificate.id}"]
