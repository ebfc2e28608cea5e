"""What the registry tells of a company, and what follows for those who act for it (登记信息变更)."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.organisations import queries, service
from app.organisations.models import Organisation, Proof, Role, Standing


def holders(session: Session, *, code: str) -> list[int]:
    """Who may act for a company today: whom a change of its registration concerns."""
    found = session.scalar(select(Organisation.id).where(Organisation.code == code))
    return [] if found is None else queries.holders(session, organisation_id=found)


def renamed(session: Session, *, code: str, name: str) -> None:
    """Call a company by the name that is registered now."""
    session.execute(update(Organisation).where(Organisation.code == code).values(name=name))


def representative_changed(session: Session, *, code: str) -> None:
    """End what rested on the old legal representative: their standing, and that of their agents."""
    of_company = Standing.organisation_id == _id(code)
    service.end(session, of_company & (Standing.role == Role.REPRESENTATIVE))
    service.end(session, of_company)


def deregistered(session: Session, *, code: str) -> None:
    """Nobody acts for a company that is no more (注销)."""
    service.end(session, Standing.organisation_id == _id(code))


def identity_withdrawn(session: Session, *, citizen_id: int) -> None:
    """End the standings that rested on a real name which is not theirs, and those that they gave."""
    rested = select(Standing.id).where(
        Standing.citizen_id == citizen_id,
        Standing.proven_by == Proof.REAL_NAME.value,
        Standing.ended_at.is_(None),
    )
    ids = session.scalars(rested).all()
    service.end(session, Standing.id.in_(ids))
    service.end(session, Standing.granted_by.in_(ids))


def _id(code: str) -> object:
    return select(Organisation.id).where(Organisation.code == code).scalar_subquery()
