"""Leave to write to somebody (订阅额度): each accepted prompt allows one message of one template."""

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from notifications.models import SubscriptionCredit

_MOST_CREDITS = 100


def add(session: Session, *, citizen_id: int, platform: str, template: str) -> None:
    """Note one more acceptance, or give back a credit that the platform has not used up."""
    credit = insert(SubscriptionCredit).values(
        citizen_id=citizen_id, platform=platform, template=template, remaining=1
    )
    session.execute(
        credit.on_conflict_do_update(
            index_elements=["citizen_id", "platform", "template"],
            set_={"remaining": func.least(SubscriptionCredit.remaining + 1, _MOST_CREDITS)},
        )
    )


def spend(session: Session, *, citizen_id: int, platform: str, template: str) -> bool:
    """Take one credit if there is one: a conditional UPDATE, so two messages never share the last one."""
    spent = session.scalar(
        update(SubscriptionCredit)
        .where(
            SubscriptionCredit.citizen_id == citizen_id,
            SubscriptionCredit.platform == platform,
            SubscriptionCredit.template == template,
            SubscriptionCredit.remaining > 0,
        )
        .values(remaining=SubscriptionCredit.remaining - 1)
        .returning(SubscriptionCredit.id)
    )
    return spent is not None
