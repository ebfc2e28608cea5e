"""Planned review points tried on past cases (秒批推演): how many the machine would have decided."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app import clock
from app.cases import forms, proofs, reviewing
from app.cases.models import Case
from app.cases.reviewing import Applicant, Application
from app.catalogue import instant
from app.certificates.models import Certificate, CertificateState
from app.materials import queries as materials
from app.materials.models import Photo
from app.review_points import engine
from app.review_points.points import read

Body = Mapping[str, Any]


@dataclass(slots=True)
class MachineTried:
    """How many cases the machine would have decided, and for the rest which points were for a person."""

    cases: int = 0
    decided: int = 0
    doubts: Counter[str] = field(default_factory=Counter)


def tried(
    session: Session, *, task_code: str, planned: Body, since: datetime, most: int
) -> MachineTried | None:
    """Try the planned points on the newest cases since a moment; None for an item no machine decides.

    Five statements. Each case is looked at as it was handed in, with the certificates of that moment; what
    is proven of its citizen is what is proven today.
    """
    points = read(planned)
    if not instant.is_instant(planned) or not points:
        return None
    asked = (
        select(
            Case.id,
            Case.citizen_id,
            Case.organisation_id,
            Case.submitted_at,
            Case.sealed_form,
            Case.sealed_answers,
        )
        .where(Case.task_code == task_code, Case.submitted_at >= since)
        .order_by(Case.submitted_at.desc())
        .limit(most)
    )
    rows = session.execute(asked).all()
    ids = [row.id for row in rows]
    photos = materials.of_cases(session, case_ids=ids)
    given = proofs.of_cases(session, case_ids=ids)
    owners = {(row.citizen_id, row.organisation_id) for row in rows}
    people = reviewing.applicants(session, owners=owners, points=points)
    done = MachineTried()
    for row in rows:
        application = _application(row, photos[row.id], given[row.id])
        applicant = people[row.citizen_id, row.organisation_id]
        _count(done, planned, application, applicant=applicant, before=row.submitted_at)
    return done


def _application(
    row: Row[*tuple[Any, ...]],
    photos: Mapping[str, list[Photo]],
    given: Mapping[str, Certificate],
) -> Application:
    day = clock.local(row.submitted_at).date()
    return Application(
        day=day,
        form=forms.opened(row.sealed_form).values,
        answers=json.loads(row.sealed_answers),
        photos=photos.keys(),
        certificates={code: one.state_on(day) == CertificateState.VALID for code, one in given.items()},
    )


def _count(
    done: MachineTried, planned: Body, application: Application, *, applicant: Applicant, before: datetime
) -> None:
    doubts = engine.doubts(reviewing.verdicts(planned, application, applicant, before=before))
    done.cases += 1
    done.decided += not doubts
    done.doubts.update(one.text for one in doubts)
