"""What of a citizen's case an agent sees (代办人看到的办件): enough for what they are authorised to."""

from typing import Any

from app import on_behalf
from app.cases.states import Step
from app.delegations.models import Act

_OF_AGENTS = {step.value for step in (Step.EDIT_FORM, Step.CHANGE_PHOTOS, Step.SUBMIT, Step.RESUBMIT)}
# What opens the case to whoever knows it, also after the authority has ended.
_NOT_HANDED_ON: dict[str, Any] = {"query_code": "", "certificate": None}
_CONTENTS: dict[str, Any] = {
    "form": {},
    "form_fields": [],
    "materials": [],
    "correction": None,
    "precheck": None,
}
_ADDRESS = ("recipient", "phone", "address")


def case(shown: dict[str, Any]) -> dict[str, Any]:
    """A whole case as the caller may see it: what is in it only for whoever prepares applications."""
    agent = on_behalf.agent()
    if agent is None:
        return shown
    applies = Act.APPLY.value in agent.acts
    # What may be left out or promised is signed, and the rating is the citizen's own.
    unsigned = [{**each, "may_follow": False, "may_promise": False} for each in shown["materials"]]
    actions = [step for step in shown["allowed_actions"] if applies and step in _OF_AGENTS]
    contents = {"materials": unsigned} if applies else _CONTENTS
    return {**shown, **_NOT_HANDED_ON, **contents, "allowed_actions": actions}


def rated(shown: dict[str, Any]) -> dict[str, Any]:
    """How a case was rated, which is the citizen's own to do and to know."""
    return shown if on_behalf.agent() is None else {"may_rate": False, "level": None}


def visits(shown: dict[str, Any]) -> dict[str, Any]:
    """Who comes to a citizen's place and when: nobody else's to know, and nobody else's to change."""
    return shown if on_behalf.agent() is None else {"offered": "", "may_ask": False, "visits": []}


def delivery(shown: dict[str, Any]) -> dict[str, Any]:
    """How a result comes: an agent fetches it at the hall, and neither changes the way nor sees addresses."""
    if on_behalf.agent() is None:
        return shown
    return {**shown, **dict.fromkeys(_ADDRESS, ""), "may_change": False, "may_confirm": False}
