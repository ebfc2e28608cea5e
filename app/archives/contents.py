"""What goes into an archive (归档范围): read in one unit of work, before any file is opened.

Fields as DA/T 85-2019 (政务服务事项电子文件归档规范) has them: item, applicant, department, the course of the
case, its result, how long it is kept. Nothing in it depends on when it is made, so that two who make it at
once make the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.archives.retention import TEXTS, Retention, of_item
from app.assistance import queries as assistance
from app.cases import forms, queries
from app.cases.models import Case
from app.cases.ways import WAY_TEXTS, Way
from app.catalogue import queries as catalogue
from app.documents.models import Document
from app.materials.models import Photo
from app.materials.scanning import Scan
from app.site_visits import queries as visits
from app.site_visits.models import VisitState

FORMAT = "1"


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the storage: its name in the package, where it lies, its SHA-256 in hexadecimal digits."""

    name: str
    storage_key: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a package holds: small files as they are, and those of the storage; which notices are among them.

    `part` is 0 for the case's own package, and counts those that follow it.
    """

    case_id: int
    archive_no: str
    retention: Retention
    closed_at: datetime
    written: Mapping[str, bytes]
    stored: Sequence[Stored]
    document_ids: Sequence[int]
    part: int = 0


def of(session: Session, case: Case) -> Contents:
    """Everything of a closed case: metadata, form, course, notices, photos."""
    body = catalogue.guide_by_version(session, version_id=case.guide_version_id).body
    retention = of_item(body)
    closed_at = case.closed_at or case.updated_at
    number = f"{case.dept_code}-{clock.local(closed_at):%Y}-{case.case_no}"
    issued = session.scalars(select(Document).where(Document.case_id == case.id).order_by(Document.id)).all()
    stored = [*files_of(issued), *_photos(session, case)]
    return Contents(
        case_id=case.id,
        archive_no=number,
        retention=retention,
        closed_at=closed_at,
        written={
            "metadata.xml": _metadata(session, case, number, retention=retention, files=len(stored)),
            "form.json": as_json(_form(case, body)),
            "events.json": as_json(_events(session, case)),
            **_visits(session, case),
        },
        stored=stored,
        document_ids=[one.id for one in issued],
    )


def _metadata(session: Session, case: Case, number: str, *, retention: Retention, files: int) -> bytes:
    values = forms.opened(case.sealed_form).values
    told = {
        "档号": number,
        "事项名称": case.task_name,
        "事项编码": case.task_code,
        "办件编号": case.case_no,
        "受理部门": case.dept_name,
        "受理部门编码": case.dept_code,
        "申请人": values.get("organisation_name") or values.get("applicant_name") or "",
        "申请人证件号码": values.get("organisation_code") or values.get("id_number") or "",
        "申请时间": _moment(case.submitted_at),
        "受理时间": _moment(case.accepted_at),
        "决定时间": _moment(case.decided_at),
        "办理结果": "准予" if case.granted else "不予",
        "决定人": case.decided_by or "",
        "送达方式": WAY_TEXTS[Way(case.delivery_way)] if case.delivery_way else WAY_TEXTS[Way.ELECTRONIC],
        "送达时间": _moment(case.delivered_at or case.closed_at),
        "办结时间": _moment(case.closed_at),
        "保管期限": TEXTS[retention],
        **_helped(session, case),
        "载体": "电子",
        "文件数": str(files),
    }
    return written(told)


def _helped(session: Session, case: Case) -> dict[str, str]:
    """Who sat beside the applicant (帮办); nothing for a case that they prepared alone."""
    found = assistance.helped(session, reference=f"case:{case.id}")
    who = "；".join(f"{one.hall}{one.clerk}，{clock.local(one.at):%Y-%m-%d}" for one in found)
    return {"帮办": who} if found else {}


def written(told: Mapping[str, str]) -> bytes:
    """Metadata as the package has them."""
    root = ET.Element("政务服务电子档案", {"version": FORMAT})
    for name, value in told.items():
        ET.SubElement(root, name).text = value
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def as_json(told: object) -> bytes:
    """A list of the package: the same contents are the same bytes."""
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _form(case: Case, body: Mapping[str, Any]) -> list[dict[str, str]]:
    values = forms.opened(case.sealed_form).values
    labels = {field.key: field.label for field in forms.fields_of(body)}
    return [{"field": key, "label": labels.get(key, key), "value": value} for key, value in values.items()]


def _events(session: Session, case: Case) -> list[dict[str, str]]:
    return [
        {"at": _moment(line.at), "kind": line.kind, "who": line.actor_name, "what": line.sentence}
        for line in queries.timeline(session, case_id=case.id)
    ]


def _visits(session: Session, case: Case) -> dict[str, bytes]:
    """The records of trips to the place (踏勘记录); no file where nobody went."""
    done = [one for one in visits.of_case(session, case_id=case.id) if one.state == VisitState.DONE]
    if not done:
        return {}
    team = visits.team(session, visit_ids=[one.id for one in done])
    points = visits.points(session, visit_ids=[one.id for one in done])
    records = [
        {
            "number": one.number,
            "when": visits.said(one),
            "address": one.address,
            "list_version": one.list_version,
            "staff": [
                {"name": each.name, "staff_no": each.staff_no, "signed_at": _moment(each.signed_at)}
                for each in team[one.id]
            ],
            "applicant": one.applicant_name or "",
            "points": [
                {"department": point.dept_name, "text": point.text, "met": point.met, "note": point.note}
                for point in points[one.id]
            ],
        }
        for one in done
    ]
    return {"visits.json": as_json(records)}


def files_of(issued: Sequence[Document]) -> list[Stored]:
    """The files of notices, each under its name in the package."""
    return [
        Stored(f"documents/{number:03d}-{one.kind}.pdf", one.storage_key or "", one.sha256 or "")
        for number, one in enumerate(issued, start=1)
    ]


def _photos(session: Session, case: Case) -> list[Stored]:
    """The pages that stand, and those that the office saw before a correction; never an infected one."""
    asked = select(Photo).where(
        Photo.case_id == case.id,
        Photo.scan != Scan.INFECTED.value,
        Photo.deleted_at.is_(None) | Photo.set_aside_at.is_not(None),
    )
    return [
        Stored(
            f"photos/{number:03d}-{'before-correction' if one.set_aside_at else f'page-{one.page}'}.jpg",
            one.storage_key,
            one.sha256.hex(),
        )
        for number, one in enumerate(
            session.scalars(asked.order_by(Photo.material_code, Photo.page, Photo.id)), 1
        )
    ]


def _moment(at: datetime | None) -> str:
    return "" if at is None else clock.local(at).isoformat()
