"""The other kinds of things that are kept about a citizen, in full (导出各类数据)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.appointments import queries as appointment_queries
from app.appointments.models import AppointmentStatus
from app.catalogue.models import GuideFeedback, GuideVersion, ServiceItem
from app.centres.models import Centre
from app.complaints import queries as complaint_queries
from app.double_notice import queries as double_notice
from app.enterprises import queries as enterprise_queries
from app.enterprises.models import NameState
from app.evaluations import queries as evaluation_queries
from app.fees import queries as fee_queries
from app.fees.models import BillState
from app.own_data import (
    access_log,
    account,
    archive_file,
    called,
    case_file,
    co_sign_file,
    delivery_file,
    locker_file,
    precheck_file,
    shown,
    visit_file,
)
from app.own_data.export import Row, Section, Turn
from app.queueing import wishes
from app.queueing.models import Priority, Ticket, TicketState, WishState
from app.queueing.states import PRIORITY_TEXTS, STATE_TEXTS, WISH_TEXTS

_BILL_STATES = {
    BillState.UNPAID: "待缴",
    BillState.PAID: "已缴",
    BillState.VOID: "已作废",
    BillState.REFUNDED: "已退",
}
_APPOINTMENT_STATES = {
    AppointmentStatus.BOOKED: "已预约",
    AppointmentStatus.CHECKED_IN: "已签到",
    AppointmentStatus.CANCELLED: "已取消",
}


def bills(session: Session, turn: Turn) -> list[Row]:
    """Bills with their fees, basis and receipts."""
    found = fee_queries.of_citizen(
        session, citizen_id=turn.citizen_id, before_id=turn.before_id, limit=turn.limit
    )
    return [
        (
            bill.id,
            {
                "bill_no": bill.bill_no,
                "title": bill.title,
                "amount_fen": bill.amount_fen,
                "lines": [
                    {"name": line.name, "amount_fen": line.amount_fen, "basis": line.basis}
                    for line in bill.lines
                ],
                "state": _BILL_STATES[BillState(bill.state)],
                "issued_at": bill.issued_at,
                "paid_at": bill.paid_at,
                "payment_no": bill.payment_no,
                "receipt_no": None if bill.receipt is None else bill.receipt.receipt_no,
            },
        )
        for bill in found
    ]


def appointments(session: Session, turn: Turn) -> list[Row]:
    """Appointments, with for whom and the note."""
    found = appointment_queries.of_citizen(
        session, citizen_id=turn.citizen_id, before_id=turn.before_id, limit=turn.limit
    )
    return [
        (
            visit.id,
            {
                "task_name": visit.task_name,
                "centre": visit.centre_name,
                "window_group": visit.window_group,
                "starts_at": visit.starts_at,
                "ends_at": visit.ends_at,
                "state": _APPOINTMENT_STATES[AppointmentStatus(visit.status)],
                "for": visit.visitor,
                "note": visit.note,
                "code": visit.code,
            },
        )
        for visit in found
    ]


def queue_tickets(session: Session, turn: Turn) -> list[Row]:
    """Numbers of every day."""
    asked = select(Ticket, Centre.name).join(Centre, Centre.id == Ticket.centre_id)
    asked = asked.where(Ticket.citizen_id == turn.citizen_id, *_below(Ticket.id, turn))
    return [
        (
            ticket.id,
            {
                "number": ticket.number,
                "task_name": ticket.task_name,
                "centre": centre,
                "day": ticket.day,
                "priority": None if ticket.priority is None else PRIORITY_TEXTS[Priority(ticket.priority)],
                "state": STATE_TEXTS[TicketState(ticket.state)],
                "window": ticket.window,
                "note": ticket.note,
                "taken_at": ticket.taken_at,
                "called_at": ticket.called_at,
                "served_at": ticket.served_at,
            },
        )
        for ticket, centre in session.execute(asked.order_by(Ticket.id.desc()).limit(turn.limit))
    ]


def waiting_list(session: Session, turn: Turn) -> list[Row]:
    """Wishes for an earlier place."""
    found = wishes.of_citizen(session, citizen_id=turn.citizen_id, before_id=turn.before_id, limit=turn.limit)
    return [
        (
            wish.entry.id,
            {
                "task_name": wish.entry.task_name,
                "centre": wish.centre_name,
                "before": wish.entry.before,
                "state": WISH_TEXTS[WishState(wish.entry.state)],
                "created_at": wish.entry.created_at,
            },
        )
        for wish in found
    ]


def evaluations(session: Session, turn: Turn) -> list[Row]:
    """Ratings, also anonymous ones: their giver knows them."""
    found = evaluation_queries.of_citizen(
        session, citizen_id=turn.citizen_id, before_id=turn.before_id, limit=turn.limit
    )
    return [
        (
            given.evaluation.id,
            {
                "task_name": given.evaluation.task_name,
                "case_no": given.case_no,
                "level": given.level.text,
                "reasons": [tag.text for tag in given.tags],
                "comment": given.evaluation.comment,
                "anonymous": given.evaluation.anonymous,
                "created_at": given.evaluation.created_at,
                "mending": None if given.mending is None else given.mending.state_text,
                "answers": []
                if given.mending is None
                else [{"at": answer.at, "text": answer.text} for answer in given.mending.answers],
            },
        )
        for given in found
    ]


def complaints(session: Session, turn: Turn) -> list[Row]:
    """Complaints with their answers."""
    found = complaint_queries.of_citizen(
        session, citizen_id=turn.citizen_id, before_id=turn.before_id, limit=turn.limit
    )
    return [
        (
            told.complaint.id,
            {
                "complaint_no": told.complaint.complaint_no,
                "kind": told.kind_text,
                "case_no": told.case_no,
                "text": told.complaint.text,
                "state": told.state_text,
                "created_at": told.complaint.created_at,
                "due_on": told.complaint.due_on,
                "organisation": told.complaint.organisation,
                "handlers": [
                    {
                        "department": one.dept_name,
                        "due_on": one.due_on,
                        "answered_at": one.answered_at,
                        "text": one.text,
                    }
                    for one in told.handlers
                ],
                "answers": [{"at": answer.at, "text": answer.text} for answer in told.answers],
            },
        )
        for told in found
    ]


def guide_feedback(session: Session, turn: Turn) -> list[Row]:
    """What was said about guides."""
    asked = (
        select(GuideFeedback, ServiceItem.name)
        .join(GuideVersion, GuideVersion.id == GuideFeedback.guide_version_id)
        .join(ServiceItem, ServiceItem.id == GuideVersion.service_item_id)
        .where(GuideFeedback.citizen_id == turn.citizen_id, *_below(GuideFeedback.id, turn))
    )
    return [
        (
            said.id,
            {
                "guide": name,
                "useful": said.useful,
                "comment": said.comment,
                "created_at": said.created_at,
            },
        )
        for said, name in session.execute(asked.order_by(GuideFeedback.id.desc()).limit(turn.limit))
    ]


def enterprise_names(session: Session, turn: Turn) -> list[Row]:
    """Names of enterprises the citizen asked for."""
    found = enterprise_queries.mine(
        session, citizen_id=turn.citizen_id, before_id=turn.before_id, limit=turn.limit
    )
    return [
        (
            reserved.id,
            {
                "name": reserved.name,
                "state": enterprise_queries.STATE_TEXTS[NameState(reserved.state)],
                "registry_no": reserved.registry_no,
                "expires_on": reserved.expires_on,
                "created_at": reserved.created_at,
            },
        )
        for reserved in found
    ]


def licence_hints(session: Session, turn: Turn) -> list[Row]:
    """Licences that were named after a registration."""
    found = double_notice.of_citizen(
        session, citizen_id=turn.citizen_id, before_id=turn.before_id, limit=turn.limit
    )
    return [
        (
            lead.id,
            {
                "unit": lead.unit_name,
                "licence": lead.task_name,
                "department": lead.dept_name,
                "told_at": lead.told_at,
                "taken_up_at": lead.taken_up_at,
                "note": lead.note,
            },
        )
        for lead in found
    ]


def looks(session: Session, turn: Turn) -> list[Row]:
    """Who looked at the citizen's data."""
    found = access_log.page(session, citizen_id=turn.citizen_id, before_id=turn.before_id, limit=turn.limit)
    return [
        (line.id, {"at": line.at, "who": line.who, "what": line.what, "about": line.about}) for line in found
    ]


def _below(key: InstrumentedAttribute[int], turn: Turn) -> tuple[Any, ...]:
    return () if turn.before_id is None else (key < turn.before_id,)


SECTIONS = (
    *case_file.SECTIONS,
    *shown.SECTIONS,
    *delivery_file.SECTIONS,
    *visit_file.SECTIONS,
    *called.SECTIONS,
    *archive_file.SECTIONS,
    *locker_file.SECTIONS,
    *co_sign_file.SECTIONS,
    *precheck_file.SECTIONS,
    Section("bills", bills),
    Section("appointments", appointments),
    Section("queue_tickets", queue_tickets),
    Section("waiting_list", waiting_list),
    Section("evaluations", evaluations),
    Section("complaints", complaints),
    Section("guide_feedback", guide_feedback),
    Section("enterprise_names", enterprise_names),
    Section("licence_hints", licence_hints),
    *account.SECTIONS,
    Section("access_log", looks),
)
