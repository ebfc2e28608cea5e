"""What is kept about the account itself, in full: logins, its end, what was agreed to (导出账号类数据)."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app import channels
from app.assistance import queries as assistance_queries
from app.assistance.models import Assistance
from app.consents import queries as consent_queries
from app.consents.models import Ended
from app.consents.purposes import WORDINGS, Purpose
from app.delegations import queries as delegation_queries
from app.delegations.models import TEXTS as DELEGATED
from app.delegations.models import Act, Delegation
from app.organisations.models import ClaimState, Organisation, OrganisationClaim, Role, Standing
from app.own_data.export import PLATFORM_NAMES, Row, Section, Turn
from app.people.models import AccountClosing, ClosingState, LoginSession, Platform

_CLOSING_STATES = {
    ClosingState.WAITING: "等待注销",
    ClosingState.TAKEN_BACK: "已撤销",
    ClosingState.CLOSED: "已注销",
}
_ROLES = {Role.REPRESENTATIVE: "法定代表人", Role.AGENT: "经办人"}
_CLAIM_STATES = {
    ClaimState.ASKING: "等登记系统答复",
    ClaimState.PROVEN: "是法定代表人",
    ClaimState.REFUSED: "没有核对上",
}
_CONSENT_ENDS = {None: "有效", Ended.WITHDRAWN: "已撤回", Ended.RENEWED: "已按新的说明重新同意"}


def logins(session: Session, turn: Turn) -> list[Row]:
    """Logins that are kept; never their tokens, of which only hashes exist."""
    asked = select(LoginSession).where(
        LoginSession.citizen_id == turn.citizen_id, *_below(LoginSession.id, turn)
    )
    return [
        (
            login.id,
            {
                "platform": PLATFORM_NAMES[Platform(login.platform)],
                "at": login.created_at,
                "ended_at": login.revoked_at,
            },
        )
        for login in session.scalars(asked.order_by(LoginSession.id.desc()).limit(turn.limit))
    ]


def closings(session: Session, turn: Turn) -> list[Row]:
    """Wishes to close the account."""
    asked = select(AccountClosing).where(
        AccountClosing.citizen_id == turn.citizen_id, *_below(AccountClosing.id, turn)
    )
    return [
        (
            wish.id,
            {
                "asked_at": wish.asked_at,
                "closes_on": wish.closes_on,
                "state": _CLOSING_STATES[ClosingState(wish.state)],
                "ended_at": wish.ended_at,
            },
        )
        for wish in session.scalars(asked.order_by(AccountClosing.id.desc()).limit(turn.limit))
    ]


def consents(session: Session, turn: Turn) -> list[Row]:
    """What the citizen agreed to, in the very words, and until when."""
    found = consent_queries.of_citizen(
        session, citizen_id=turn.citizen_id, before_id=turn.before_id, limit=turn.limit
    )
    return [
        (
            consent.id,
            {
                "purpose": WORDINGS[Purpose(consent.purpose)].title,
                "text": WORDINGS[Purpose(consent.purpose)].text(consent.text_version),
                "given_at": consent.given_at,
                "given_on": PLATFORM_NAMES[Platform(consent.channel)],
                "state": _CONSENT_ENDS[Ended(consent.ended) if consent.ended else None],
                "ended_at": consent.ended_at,
            },
        )
        for consent in found
    ]


def standings(session: Session, turn: Turn) -> list[Row]:
    """The organisations for which the citizen acts or acted."""
    asked = (
        select(Standing, Organisation.code, Organisation.name)
        .join(Organisation, Organisation.id == Standing.organisation_id)
        .where(Standing.citizen_id == turn.citizen_id, *_below(Standing.id, turn))
        .order_by(Standing.id.desc())
        .limit(turn.limit)
    )
    return [
        (
            standing.id,
            {
                "organisation": name,
                "code": code,
                "role": _ROLES[Role(standing.role)],
                "items": standing.scope,
                "began_at": standing.began_at,
                "expires_on": standing.expires_on,
                "ended_at": standing.ended_at,
            },
        )
        for standing, code, name in session.execute(asked)
    ]


def claims(session: Session, turn: Turn) -> list[Row]:
    """Which companies the citizen said to represent, and what the registry answered."""
    asked = (
        select(OrganisationClaim)
        .where(OrganisationClaim.citizen_id == turn.citizen_id, *_below(OrganisationClaim.id, turn))
        .order_by(OrganisationClaim.id.desc())
        .limit(turn.limit)
    )
    return [
        (
            claim.id,
            {
                "code": claim.code,
                "answer": _CLAIM_STATES[ClaimState(claim.state)],
                "asked_at": claim.created_at,
                "answered_at": claim.answered_at,
            },
        )
        for claim in session.scalars(asked)
    ]


def delegations(session: Session, turn: Turn) -> list[Row]:
    """Authorities that the citizen gave or had, with what was done under them; the other side is masked."""
    either = or_(Delegation.citizen_id == turn.citizen_id, Delegation.agent_id == turn.citizen_id)
    asked = select(Delegation).where(either, *_below(Delegation.id, turn)).order_by(Delegation.id.desc())
    found = session.scalars(asked.limit(turn.limit)).all()
    done = delegation_queries.acts_of_all(session, delegation_ids=[one.id for one in found])
    return [
        (
            one.id,
            {
                "side": "授权别人" if one.citizen_id == turn.citizen_id else "替别人办",
                "items": one.scope,
                "acts": [DELEGATED[Act(act)] for act in one.acts],
                "made_at": one.made_at,
                "until": one.until,
                "accepted_at": one.accepted_at,
                "ended_at": one.ended_at,
                "on_paper": one.document,
                "done": [{"at": act.at, "what": act.sentence} for act in done.get(one.id, [])],
            },
        )
        for one in found
    ]


def assistances(session: Session, turn: Turn) -> list[Row]:
    """Clerks who sat beside the citizen, to which words they said yes, and what was done there (帮办记录)."""
    asked = select(Assistance).where(Assistance.citizen_id == turn.citizen_id, *_below(Assistance.id, turn))
    ids = session.scalars(asked.order_by(Assistance.id.desc()).limit(turn.limit)).all()
    done = assistance_queries.acts(session, assistance_ids=[one.id for one in ids])
    told = [(one, assistance_queries.seen(session, assistance_id=one.id)) for one in ids]
    return [
        (
            one.id,
            {
                "clerk": seen.clerk,
                "hall": seen.hall,
                "asked_at": one.asked_at,
                "agreed_at": one.agreed_at,
                "agreed_to": seen.text if one.agreed_at else None,
                "agreed_through": channels.text(one.channel) or None,
                "on_paper": one.document,
                "ended_at": one.ended_at,
                "ended": seen.ending or None,
                "done": [{"at": act.at, "what": act.sentence} for act in done[one.id]],
            },
        )
        for one, seen in told
    ]


def _below(key: InstrumentedAttribute[int], turn: Turn) -> tuple[Any, ...]:
    return () if turn.before_id is None else (key < turn.before_id,)


SECTIONS = (
    Section("logins", logins),
    Section("account_closings", closings),
    Section("consents", consents),
    Section("organisations", standings),
    Section("organisation_claims", claims),
    Section("delegations", delegations),
    Section("assistances", assistances),
)
