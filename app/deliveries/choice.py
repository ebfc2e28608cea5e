"""What an applicant says about how their result reaches them (领取方式、收件信息): checked and filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases import forms
from app.cases.models import Case
from app.cases.ways import Way
from app.centres.models import Centre
from app.deliveries import areas, postage
from app.deliveries.areas import Home
from app.deliveries.errors import AddressIncomplete, HallNeeded
from app.deliveries.models import Region
from app.people import phones
from app.people.errors import PhoneUnreadable
from app.plain_text import words

_LONGEST_NAME = 50
_SHORTEST_ADDRESS, _LONGEST_ADDRESS = 5, 200


@dataclass(frozen=True, slots=True)
class Choice:
    """A way, and what belongs to it: a hall and who else may come, or to whom and where it is sent.

    The region is read from the address when the choice is checked, never said.
    """

    way: Way
    centre_id: str | None = None
    proxy_name: str = ""
    recipient: str = ""
    phone: str = ""
    address: str = ""
    region: Region = Region.CITY


def from_form(case: Case, way: Way) -> Choice:
    """What the application itself says: post goes to the applicant's own address."""
    values = forms.opened(case.sealed_form).values
    return Choice(
        way=way,
        recipient=values.get("applicant_name") or values.get("organisation_name") or "",
        phone=values.get("phone", ""),
        address=values.get("address", ""),
    )


def halls(session: Session, body: Mapping[str, Any]) -> Sequence[Centre]:
    """The halls at which an item's result can be fetched: the guide's, else every one."""
    named = [str(centre_id) for centre_id in body.get("transact_centers") or ()]
    asked = select(Centre).order_by(Centre.id)
    return session.scalars(asked.where(Centre.id.in_(named)) if named else asked).all()


def checked(session: Session, choice: Choice, body: Mapping[str, Any]) -> Choice:
    """The choice as it is kept, with the first hall where none is named; AddressIncomplete, HallNeeded."""
    if choice.way is Way.POST:
        return _addressed(choice, areas.home(session), body)
    if choice.way is Way.WINDOW:
        listed = [hall.id for hall in halls(session, body)]
        if choice.centre_id is not None and choice.centre_id not in listed:
            raise HallNeeded(errors={"centre_id": [HallNeeded.message]})
        first = listed[0] if listed else None
        proxy = words(choice.proxy_name)[:_LONGEST_NAME]
        return replace(choice, centre_id=choice.centre_id or first, proxy_name=proxy)
    return choice


def _addressed(choice: Choice, home: Home, body: Mapping[str, Any]) -> Choice:
    recipient, address = words(choice.recipient), words(choice.address)
    faults: dict[str, list[str]] = {}
    if not 0 < len(recipient) <= _LONGEST_NAME:
        faults["recipient"] = [f"请填写收件人，不超过{_LONGEST_NAME}个字"]
    if not _SHORTEST_ADDRESS <= len(address) <= _LONGEST_ADDRESS:
        faults["address"] = ["请填写省市区、街道和门牌号，不超过200个字"]
    region = areas.region_of(address, home)
    if region is None and postage.depends_on_region(body):
        faults.setdefault("address", [f"请从省、市写起，例如“{home.names[0]}××区××路1号”，邮费按地址算"])
    try:
        phone = phones.normal(choice.phone)
    except PhoneUnreadable:
        phone = ""
        faults["phone"] = ["请填写11位手机号，快递员会打这个电话"]
    if faults:
        raise AddressIncomplete(errors=faults)
    return replace(choice, recipient=recipient, phone=phone, address=address, region=region or Region.CITY)
