"""What is said about what the registry decides and tells (登记系统的消息): from event to message."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.double_notice.events import LicencesNamed
from app.enterprises.events import NameEnding, NameRefused, NameReserved, UnitChanged
from app.events import Event
from app.organisations.events import AgencyAccepted, ClaimSettled, StandingTaken
from notifications.drafts import Draft
from notifications.licence_wording import licences_named
from notifications.name_wording import name_ending, name_refused, name_reserved
from notifications.organisation_wording import agency_accepted, claim_settled, standing_taken
from notifications.unit_wording import unit_changed

MESSAGES: Mapping[type[Event], Callable[[Session, Any], Draft | None]] = {
    NameReserved: name_reserved,
    NameRefused: name_refused,
    NameEnding: name_ending,
    UnitChanged: unit_changed,
    LicencesNamed: licences_named,
    ClaimSettled: claim_settled,
    AgencyAccepted: agency_accepted,
    StandingTaken: standing_taken,
}
