"""What is said about a second person's signature (共同申请人签名的消息)."""

from sqlalchemy.orm import Session

from app import clock
from app.cases import co_signed
from app.cases.events import CoSignMoved
from notifications.drafts import CASE_PROGRESS, Draft, moment, thing

# To whoever applies: what the second person did.
_TO_APPLICANT = {
    "signed": ("共同申请人已签名", "已签名", "{who}看过内容并签了名，可以提交了。"),
    "declined": ("共同申请人没有签名", "没有签名", "{who}没有签名或者撤回了签名，商量好以后可以重新邀请。"),
}
# To the second person: what changed for them.
_TO_SIGNER = {
    "asked": ("请您重新签名", "等您签名", "申请的内容有改动，原来的签名作废了，请看过以后重新签。"),
    "correction": ("这个申请要补正", "等您签名", "部门要求补正，申请人改好以后，请您看过再签一次。"),
    "ended": ("不用您签名了", "已结束", "申请人撤回了邀请或者申请，您不用再签名。"),
}


def co_sign_moved(session: Session, event: CoSignMoved) -> Draft | None:
    """Signed or declined, to the applicant; asked anew, corrected or ended, to the second person."""
    facts = co_signed.facts(session, co_signing_id=event.co_signing_id)
    to_applicant = event.happening in _TO_APPLICANT
    reader = facts.case.citizen_id if to_applicant else facts.signer_id
    if reader is None:
        return None
    title, state, hint = {**_TO_APPLICANT, **_TO_SIGNER}[event.happening]
    hint = hint.format(who=facts.signer or "共同申请人")
    return Draft(
        citizen_id=reader,
        subject=f"co_signing:{event.co_signing_id}:{event.happening}:{event.at}",
        title=title,
        text=f"“{facts.case.task_name}”：{title}。{hint}",
        page=f"pages/apply/check?no={facts.case.case_no}"
        if to_applicant
        else f"pages/cases/co-sign?id={event.co_signing_id}",
        template=CASE_PROGRESS,
        fields={
            "thing1": thing(facts.case.task_name),
            "phrase2": state,
            "time3": moment(clock.now()),
            "thing4": thing(hint.rstrip("。")),
        },
        must_arrive=event.happening in {"asked", "correction", "declined"},
    )
