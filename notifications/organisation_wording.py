"""What is said about acting for companies (企业办事身份的消息)."""

from sqlalchemy.orm import Session

from app import clock
from app.organisations import claims, queries
from app.organisations.events import AgencyAccepted, ClaimSettled, StandingTaken
from app.organisations.models import ClaimState
from notifications.drafts import CASE_PROGRESS, Draft, moment, thing

_PAGE = "pages/organisations/list"


def claim_settled(session: Session, event: ClaimSettled) -> Draft:
    """The registry has answered at last."""
    claim = claims.settled(session, claim_id=event.claim_id)
    proven = claim.state == ClaimState.PROVEN
    no = "" if claim.refusal is None else claims.REFUSALS[claim.refusal].message
    text = f"登记系统已核对：您是统一社会信用代码{claim.code}企业的法定代表人，现在可以代表它办事。"
    return _draft(
        claim.citizen_id,
        subject=f"organisation_claim:{claim.id}",
        title="企业绑定成功" if proven else "企业没有绑定成",
        text=text if proven else f"统一社会信用代码{claim.code}：{no}。",
        about=claim.code,
        state="已绑定" if proven else "没有绑定",
        hint="可以代表企业办事了" if proven else "请到我的企业里查看",
    )


def standing_taken(session: Session, event: StandingTaken) -> Draft:
    """Somebody else, or the registry, ended the right to act for a company."""
    facts = queries.standing_facts(session, standing_id=event.standing_id)
    why = "法定代表人已取消授权或不再代表企业" if facts.giver_id else "登记的法定代表人或者企业的登记状态变了"
    return _draft(
        facts.citizen_id,
        subject=f"standing:{event.standing_id}:ended",
        title="不能再代表企业办事",
        text=f"您不能再代表“{facts.organisation_name}”办事：{why}。它的办件现在由别的经办人办理。",
        about=facts.organisation_name,
        state="已结束",
        hint="代表企业办事的身份已结束",
    )


def agency_accepted(session: Session, event: AgencyAccepted) -> Draft | None:
    """An agent began to act; its representative is told."""
    facts = queries.standing_facts(session, standing_id=event.standing_id)
    if facts.giver_id is None:
        return None
    who = facts.agent_name or "经办人"
    until = f"，到{facts.expires_on:%Y年%m月%d日}为止" if facts.expires_on else ""
    return _draft(
        facts.giver_id,
        subject=f"standing:{event.standing_id}:accepted",
        title="经办人接受了授权",
        text=f"{who}接受了授权，可以替“{facts.organisation_name}”办事{until}。不是您授权的，请马上取消。",
        about=facts.organisation_name,
        state="已生效",
        hint="经办人接受了授权",
    )


def _draft(
    citizen_id: int, *, subject: str, title: str, text: str, about: str, state: str, hint: str
) -> Draft:
    return Draft(
        citizen_id=citizen_id,
        subject=subject,
        title=title,
        text=text,
        page=_PAGE,
        template=CASE_PROGRESS,
        fields={
            "thing1": thing(about),
            "phrase2": state,
            "time3": moment(clock.now()),
            "thing4": thing(hint),
        },
        must_arrive=True,
    )
