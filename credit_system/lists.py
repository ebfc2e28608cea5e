"""Asking the credit platform who is on its lists (信用名单查询): claim and commit → ask → write down."""

from app import batches
from app.credit import lists
from app.credit.list_models import CreditListing
from app.credit.lists import Claimed, Entry
from app.db import unit_of_work
from platforms import directory, failures
from platforms.credit import CreditPlatform
from platforms.errors import PlatformError, Refused

_BATCH = 100
_BLACK = "black"


def follow() -> int:
    """Ask about everybody whose moment has come (job); how many. Safe to repeat and in parallel."""
    client = directory.current().credit
    if client is None:
        return 0
    return batches.one_by_one(
        lists.claim, lambda found: _settle(client, found), kind="credit_listing", at_most=_BATCH
    )


def _settle(client: CreditPlatform, found: Claimed) -> bool:
    """Whether the platform answered; without an answer nobody is taken for clean."""
    with unit_of_work() as session:
        listing = session.get(CreditListing, found.listing_id)
    if listing is None:
        return True
    try:
        told = client.entries(found.reference, subject_kind=listing.kind, number=listing.sealed_number)
    except Refused as error:
        failures.note(error)
        with unit_of_work() as session:
            lists.note_refused(session, listing_id=listing.id, reason=error.platform_code)
        return True
    except PlatformError as error:
        failures.note(error)
        return False
    black = [Entry(one.authority, one.reason, one.since, one.until) for one in told if one.kind == _BLACK]
    with unit_of_work() as session:
        lists.note_answer(session, listing_id=listing.id, entries=black)
    return True
