"""Freezing the state against which reductions are counted (定基数)."""

from sqlalchemy import func, insert, literal, select, text
from sqlalchemy.orm import Session

from app import clock
from app.catalogue.models import ServiceItem
from app.figures import facts
from app.figures.errors import AlreadyFrozen
from app.figures.models import Baseline, BaselineItem, ItemFacts
from app.figures.public import PUBLIC

_LOCK = 7_119_023_015


def current(session: Session) -> Baseline | None:
    """The baseline in force, the newest; None before the first is frozen."""
    return session.scalars(select(Baseline).order_by(Baseline.id.desc()).limit(1)).first()


def freeze(session: Session, *, note: str, again: bool = False) -> tuple[Baseline, int]:
    """Keep what every public item asks for at this moment; the baseline and how many items it holds.

    Raises AlreadyFrozen when there is a baseline, unless a new one is wanted `again`; the old one stays.
    """
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    earlier = current(session)
    if earlier is not None and not again:
        raise AlreadyFrozen(frozen_on=clock.local(earlier.frozen_at).date())
    now = clock.now()
    session.execute(text("SET LOCAL lock_timeout = 0"))
    facts.refresh(session, now=now)
    baseline = Baseline(frozen_at=now, note=note, provenance=_provenance(session))
    session.add(baseline)
    session.flush()
    columns = ("materials", "exempt", "promise_days", "legal_days")
    kept = (
        select(literal(baseline.id), ServiceItem.task_code, *(getattr(ItemFacts, name) for name in columns))
        .join(ServiceItem, ServiceItem.id == ItemFacts.service_item_id)
        .where(*PUBLIC)
    )
    session.execute(insert(BaselineItem).from_select(["baseline_id", "task_code", *columns], kept))
    held = select(func.count()).where(BaselineItem.baseline_id == baseline.id)
    return baseline, session.scalar(held) or 0


def freeze_first(session: Session, *, note: str) -> Baseline | None:
    """Freeze a baseline unless there is one."""
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    if current(session) is not None:
        return None
    return freeze(session, note=note)[0]


def _provenance(session: Session) -> str:
    least, most = session.execute(
        select(func.min(ServiceItem.provenance), func.max(ServiceItem.provenance)).where(*PUBLIC)
    ).one()
    return (least or "none") if least == most else "mixed"
