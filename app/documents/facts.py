"""What documents say of a case (文书要素), gathered once when the document is issued."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.cases import overview
from app.cases.billing import yuan
from app.cases.models import Case
from app.cases.overview import MaterialView
from app.cases.owed_models import OwedMaterial
from app.catalogue import cards
from app.catalogue import queries as catalogue
from app.codes import service as codes
from app.codes.models import CodeKind
from app.documents import kinds
from app.documents.sheet import Row
from app.fees.models import Bill, BillState
from app.people import queries as people

_COURT = "有管辖权的人民法院"
_REVIEW = "本级人民政府"


@dataclass(frozen=True, slots=True)
class Facts:
    """A case in the words of a document; `applicant` is whole, the number masked."""

    case: Case
    task_type: str
    applicant: str
    id_number: str
    company: bool
    materials: tuple[str, ...]
    to_follow: tuple[str, ...]
    fees: tuple[str, ...]
    not_counted: tuple[str, ...]
    contact: tuple[Row, ...]
    reconsideration: str
    litigation: str
    certificate: str
    follow: str
    demo: bool

    @property
    def is_licence(self) -> bool:
        """Whether the law on licences (行政许可法) applies to the item."""
        return self.task_type == kinds.LICENCE


def of(session: Session, case: Case) -> Facts:
    """The facts of a case as they stand now."""
    whole = overview.of(session, case, parties=frozenset())
    body = catalogue.guide_by_version(session, version_id=case.guide_version_id).body
    values = whole.form
    company = bool(values.get("organisation_name"))
    holder = people.citizen(session, citizen_id=case.citizen_id)
    number = values.get("organisation_code") if company else values.get("id_number")
    found = whole.certificate
    return Facts(
        case=case,
        task_type=str(body.get("task_type", "")),
        applicant=values.get("organisation_name") or values.get("applicant_name") or holder.name or "申请人",
        id_number=(number if company else people.masked_id_number(number)) or "",
        company=company,
        materials=tuple(_materials(whole.materials)),
        to_follow=tuple(_to_follow(whole.to_follow)),
        fees=tuple(_fees(whole.bills)),
        not_counted=tuple(_not_counted(body)),
        contact=tuple(_contact(body)),
        reconsideration=_organ(body.get("reconsideration"), otherwise=_REVIEW),
        litigation=_organ(body.get("litigation"), otherwise=_COURT),
        certificate="" if found is None else f"{found.name}（{found.identifier}）",
        follow=codes.static_code(session, kind=CodeKind.CASE, target=str(case.id)),
        demo=str(body.get("provenance", "")).startswith("demo"),
    )


def day(on: date) -> str:
    """A day as it is written: 2026年11月21日."""
    return f"{on.year}年{on.month}月{on.day}日"


def _materials(handed_in: Sequence[MaterialView]) -> Iterator[str]:
    for material in handed_in:
        if material.photos:
            yield f"{material.name}（{len(material.photos)}页）"
        elif material.promise is not None:
            yield f"{material.name}（由签署的告知承诺书代替）"
        elif material.given_by is not None:
            yield f"{material.name}（由电子证照{material.given_by.identifier}提供）"


def _to_follow(left_out: Sequence[OwedMaterial]) -> Iterator[str]:
    """What is still owed, and until when (容缺补交)."""
    for one in left_out:
        if one.delivered_at is None and one.due_on is not None:
            yield f"{one.name}（请在{day(one.due_on)}前补交）"


def _fees(bills: Sequence[Bill]) -> Iterator[str]:
    for bill in bills:
        if bill.state != BillState.VOID:
            for line in bill.lines:
                basis = f"（依据：{line.basis}）" if line.basis else ""
                yield f"{line.name} {yuan(line.amount_fen)}元{basis}"


def _not_counted(body: Mapping[str, Any]) -> Iterator[str]:
    """The special steps whose days do not run in the limit (不计入时限的特别程序)."""
    for step in body.get("special_procedure") or ():
        if step.get("counted_in_limit"):
            continue
        working = step.get("promise_workdays")
        days = step.get("promise_days") if working is None else working
        unit = "WORKDAY" if working is not None or step.get("unit") == "WORKDAY" else "DAY"
        yield f"{step['name']}{cards.limit_text(int(days), unit) if days else ''}"


def _contact(body: Mapping[str, Any]) -> Iterator[Row]:
    for name, key in (("咨询电话", "consult_phone"), ("监督投诉电话", "complain_phone")):
        if body.get(key):
            yield name, str(body[key])


def _organ(told: Mapping[str, Any] | None, *, otherwise: str) -> str:
    """The organ that the guide names, with its address and telephone; else the words of the law."""
    if not told or not told.get("name"):
        return otherwise
    where = "，".join(str(told[key]) for key in ("address", "phone") if told.get(key))
    return f"{told['name']}（{where}）" if where else str(told["name"])
