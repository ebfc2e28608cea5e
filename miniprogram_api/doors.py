"""Every door of the citizens (市民端的门)."""

from miniprogram_api import (
    appointments,
    bills,
    bundles,
    cases,
    centres,
    certificates,
    codes,
    guides,
    landing,
    materials,
    me,
    messages,
    payments,
    sessions,
    sms_codes,
    start,
    themes,
    track,
)
from web.door import Door

DOORS: tuple[Door, ...] = (
    start.door,
    centres.door,
    appointments.door,
    bills.door,
    payments.door,
    messages.door,
    sessions.door,
    sms_codes.door,
    me.door,
    codes.door,
    landing.door,
    guides.door,
    themes.door,
    bundles.door,
    cases.door,
    materials.door,
    certificates.door,
    track.door,
)
