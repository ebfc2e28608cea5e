"""How a pre-check is shown (网上预审的接口形状)."""

from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields

from app import on_behalf
from app.cases import prechecked
from app.cases.dossier import Dossier
from app.cases.models import Case
from app.cases.prechecked import Prechecked, Standing
from app.codes import service as codes
from app.codes.models import CodeKind
from app.db import Session
from app.prechecks import queries, visiting
from miniprogram_api.point_shapes import PointOut
from web.times import ShanghaiTime


class PrecheckOut(Schema):
    """How it stands with the look before the way to the window; `days` are the working days promised.

    `late_reason`: why something is named that could have been named in an earlier round.
    """

    state = fields.String(
        attribute="standing.value", metadata={"enum": [standing.value for standing in Standing]}
    )
    days = fields.Integer()
    round = fields.Integer()
    asked_at = ShanghaiTime(allow_none=True)
    due_on = fields.Date(allow_none=True)
    answered_at = ShanghaiTime(allow_none=True)
    answered_by = fields.String(allow_none=True)
    holds_until = fields.Date(allow_none=True)
    points = fields.List(fields.Nested(PointOut))
    late_reason = fields.String(allow_none=True)


class HallOut(Schema):
    """A hall where the originals may be brought."""

    id = fields.String()
    name = fields.String()
    address = fields.String()


class VisitOut(Schema):
    """What is shown and brought at the window: the visit code, the originals, the halls (到窗码)."""

    code = fields.String(metadata={"description": "what the picture of the code says"})
    originals = fields.List(fields.String())
    halls = fields.List(fields.Nested(HallOut))


class PrecheckPageOut(Schema):
    """All about the pre-check of one application; `visit` while a pass holds."""

    case_no = fields.String()
    task_code = fields.String()
    task_name = fields.String()
    dept_name = fields.String()
    case_state = fields.String()
    precheck = fields.Nested(PrecheckOut, allow_none=True)
    visit = fields.Nested(VisitOut, allow_none=True)


def whole(session: Session, case: Case, *, reader_id: int) -> dict[str, Any]:
    """A case as the page about its pre-check shows it."""
    dossier = Dossier(session, case)
    shown = {
        "case_no": case.case_no,
        "task_code": case.task_code,
        "task_name": case.task_name,
        "dept_name": case.dept_name,
        "case_state": case.state,
        "precheck": _precheck(dossier),
        "visit": _visit(session, dossier, reader_id),
    }
    return dict(PrecheckPageOut().dump(shown))


def _precheck(dossier: Dossier) -> Prechecked | None:
    """To an agent a pass holds no longer than their authority, nor does the code that they are shown."""
    seen, agent = prechecked.seen(dossier), on_behalf.agent()
    if seen is None or seen.holds_until is None or agent is None:
        return seen
    return replace(seen, holds_until=min(seen.holds_until, agent.until))


def _visit(session: Session, dossier: Dossier, reader_id: int) -> dict[str, Any] | None:
    visit = queries.visit(session, dossier)
    if visit is None:
        return None
    target = visiting.target(dossier.case, precheck_id=visit.precheck_id, reader_id=reader_id)
    code = codes.static_code(session, kind=CodeKind.PRECHECK, target=target)
    return {"code": code, "originals": list(visit.originals.values()), "halls": visit.halls}
