"""The audit log for reading (审计): who looked at or changed what; looking here is written down too."""

from typing import Any

from flask.typing import ResponseReturnValue

from app import plain_text
from app.db import unit_of_work
from app.desk import auditing, duties
from app.desk.auditing import Wanted
from console import audit_actions, audit_words, callers, pages
from console.callers import Staff
from console.forms import AuditIn
from console.making import console_door

door = console_door("console_audit")


@door.get("/audit", auth=Staff(duties.AUDITING), query=AuditIn)
def audit_log(query: dict[str, Any]) -> ResponseReturnValue:
    """Show a page of the log and whether its chain holds."""
    wanted = Wanted(plain_text.words(query["clerk"]), plain_text.words(query["case"]), query["day"])
    with unit_of_work() as session:
        found = auditing.page(
            session, clerk=callers.current_clerk(), wanted=wanted, before_id=query["before"]
        )
    return pages.page(
        "audit.html",
        found=found,
        wanted=wanted,
        further=query["before"] is not None,
        actions=audit_actions.ACTIONS,
        about=audit_words.about,
        details=audit_words.details,
    )
