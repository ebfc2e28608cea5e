"""What has happened to an appointment (预约事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class AppointmentBooked(Event):
    """A place was taken."""

    appointment_id: int


@dataclass(frozen=True, slots=True)
class AppointmentCancelled(Event):
    """The citizen gave the place back."""

    appointment_id: int


@dataclass(frozen=True, slots=True)
class AppointmentRescheduled(Event):
    """The appointment moved to another slot."""

    appointment_id: int


@dataclass(frozen=True, slots=True)
class AppointmentCheckedIn(Event):
    """The citizen has come."""

    appointment_id: int
