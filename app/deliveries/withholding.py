"""A delivery whose result was revoked before anybody had the paper: free, and ended (已撤销，不再发放)."""

from sqlalchemy.orm import Session

from app import clock
from app.cases import deciding, timeline
from app.cases.models import Case
from app.cases.timeline import Actor
from app.cases.ways import Way
from app.catalogue import queries as catalogue
from app.certificates import revoking
from app.deliveries import holding, parcels, postage
from app.deliveries.errors import AlreadyDelivered, AlreadySent, GrantStands
from app.deliveries.models import Delivery, DeliveryState

# What lies at the office, or was not taken by the courier yet.
_HERE = frozenset(
    {
        DeliveryState.WAITING.value,
        DeliveryState.PREPARING.value,
        DeliveryState.SENDING.value,
        DeliveryState.RETURNED.value,
    }
)
# What lies at the office and was to be sent.
_TO_SEND = frozenset({DeliveryState.PREPARING.value, DeliveryState.RETURNED.value})


def let_off(session: Session, *, case_id: int) -> None:
    """Charge no post for what was revoked before it was sent (撤销后不收邮费); safe to repeat.

    What is not paid is void, what is paid is asked back for its payer.
    """
    case = holding.case(session, case_id=case_id)
    if case.delivery_way != Way.POST:
        return
    delivery = holding.delivery(session, case_id=case.id)
    if delivery.state in _TO_SEND:
        body = catalogue.guide_by_version(session, version_id=case.guide_version_id).body
        postage.settle(session, case, delivery, way=Way.ELECTRONIC, body=body)


def withhold(session: Session, case: Case, delivery: Delivery, *, actor: Actor) -> None:
    """Give the paper to nobody, and close its case; both rows are held.

    The decision and its end can be read online, so the case is closed as what is there online is. Raises
    AlreadyDelivered, AlreadySent for what the courier has, GrantStands.
    """
    if delivery.state not in _HERE:
        raise AlreadyDelivered
    if revoking.stands(session, case_id=case.id):
        raise GrantStands
    if not parcels.take_back(session, delivery):
        raise AlreadySent
    delivery.state, delivery.changed_at = DeliveryState.WITHHELD.value, clock.now()
    delivery.clerk_id = actor.clerk_id
    case.delivery_way = Way.ELECTRONIC.value
    session.flush()
    body = catalogue.guide_by_version(session, version_id=case.guide_version_id).body
    postage.settle(session, case, delivery, way=Way.ELECTRONIC, body=body)
    sentence = "这项结果已经撤销，纸质件不再发放，撤销的原因在证照里"
    timeline.note(session, case_id=case.id, kind="withheld", actor=actor, sentence=sentence)
    deciding.close(session, case, actor=actor)
