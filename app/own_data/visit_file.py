"""Who came to a citizen or looked at their place, in full (导出上门与踏勘)."""

from sqlalchemy import select

from app.cases.models import Case
from app.db import Session
from app.own_data.export import Row, Section, Turn
from app.site_visits import queries
from app.site_visits.models import KIND_TEXTS, STATE_TEXTS, SiteVisit, VisitKind, VisitState


def visits(session: Session, turn: Turn) -> list[Row]:
    """Visits with the address, who came, what was asked for, and what was found."""
    asked = (
        select(SiteVisit, Case.case_no)
        .join(Case, Case.id == SiteVisit.case_id)
        .where(Case.citizen_id == turn.citizen_id, Case.organisation_id.is_(None))
    )
    if turn.before_id is not None:
        asked = asked.where(SiteVisit.id < turn.before_id)
    found = session.execute(asked.order_by(SiteVisit.id.desc()).limit(turn.limit)).all()
    ids = [row.SiteVisit.id for row in found]
    team, points = queries.team(session, visit_ids=ids), queries.points(session, visit_ids=ids)
    return [
        (
            visit.id,
            {
                "case_no": case_no,
                "number": visit.number,
                "kind": KIND_TEXTS[VisitKind(visit.kind)],
                "state": STATE_TEXTS[VisitState(visit.state)],
                "when": queries.said(visit),
                "moved_from": queries.moved_from(visit),
                "address": visit.address,
                "wish": visit.wish,
                "other_time": visit.other_time,
                "cancelled_because": visit.cancelled_why,
                "present_for_applicant": visit.applicant_name,
                "staff": [{"name": one.name, "department": one.dept_name} for one in team[visit.id]],
                "points": [
                    {"department": one.dept_name, "point": one.text, "met": one.met, "note": one.note}
                    for one in points[visit.id]
                ],
            },
        )
        for visit, case_no in found
    ]


SECTIONS = (Section("site_visits", visits),)
