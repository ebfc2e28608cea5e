"""How a citizen's results reached them, in full (导出送达和邮寄信息)."""

from sqlalchemy import select

from app.cases import ways
from app.cases.models import Case
from app.cases.ways import WAY_TEXTS, Way
from app.db import Session
from app.deliveries import queries
from app.deliveries.models import Delivery, DeliveryState
from app.own_data.export import Row, Section, Turn


def deliveries(session: Session, turn: Turn) -> list[Row]:
    """Deliveries with where to, who may come or came, and the parcel."""
    asked = (
        select(Delivery, Case)
        .join(Case, Case.id == Delivery.case_id)
        .where(Case.citizen_id == turn.citizen_id, Case.organisation_id.is_(None))
    )
    if turn.before_id is not None:
        asked = asked.where(Delivery.id < turn.before_id)
    found = session.execute(asked.order_by(Delivery.id.desc()).limit(turn.limit)).all()
    parcels = queries.latest_of(session, delivery_ids=[row.Delivery.id for row in found])
    return [
        (
            delivery.id,
            {
                "case_no": case.case_no,
                "way": WAY_TEXTS[Way(case.delivery_way) if case.delivery_way else ways.chosen(session, case)],
                "state": queries.STATE_TEXTS[DeliveryState(delivery.state)],
                "recipient": delivery.recipient,
                "phone": delivery.phone,
                "address": delivery.address,
                "proxy": delivery.proxy_name,
                "received_by": delivery.received_by,
                "delivered_at": delivery.delivered_at,
                "waybill": parcels[delivery.id].waybill if delivery.id in parcels else None,
            },
        )
        for delivery, case in found
    ]


SECTIONS = (Section("deliveries", deliveries),)
