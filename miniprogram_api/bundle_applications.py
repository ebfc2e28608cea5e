"""My applications for bundles (我的一件事): /bundle-applications."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import INCLUDE, Schema

from app.bundles import applying, following
from app.db import unit_of_work
from miniprogram_api import bundle_shapes
from miniprogram_api.bundle_shapes import BundleApplicationBriefOut, BundleApplicationOut
from web.callers import CITIZEN_OR_COMPANY, acting_for, current_citizen_id
from web.door import Door
from web.paging import PageIn, page

door = Door("bundle_applications", __name__, url_prefix="/api/v1/bundle-applications")


class OneFormIn(Schema):
    """Fields of the one form, each a text; null clears one. Which there are is told by the application."""

    class Meta:
        """The guides name the fields, so any key is let in and judged by the service."""

        unknown = INCLUDE


@door.get("", auth=CITIZEN_OR_COMPANY, query=PageIn, gives=BundleApplicationBriefOut, many=True)
def list_bundle_applications(query: dict[str, Any]) -> ResponseReturnValue:
    """List my applications for bundles, newest first (我的一件事)."""
    with unit_of_work() as session:
        found = following.of_citizen(
            session,
            **_caller(),
            cursor=query["cursor"],
            limit=query["limit"] + 1,
        )
        return page(
            found, limit=query["limit"], dump=bundle_shapes.brief, key=lambda shown: shown.application.id
        )


@door.get("/<application_no>", auth=CITIZEN_OR_COMPANY, gives=BundleApplicationOut)
def show_bundle_application(application_no: str) -> ResponseReturnValue:
    """Show one of my applications for a bundle (一件事申请详情)."""
    with unit_of_work() as session:
        shown = following.whole(session, **_caller(), application_no=application_no)
        return bundle_shapes.whole(shown)


@door.patch("/<application_no>/form", auth=CITIZEN_OR_COMPANY, takes=OneFormIn, gives=BundleApplicationOut)
def save_one_form(application_no: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Keep some fields of the one form, for every part that asks them (自动保存)."""
    with unit_of_work() as session:
        application = applying.save_form(session, **_caller(), application_no=application_no, changes=data)
        return bundle_shapes.whole(following.of_application(session, application))


@door.post("/<application_no>/submit", auth=CITIZEN_OR_COMPANY, gives=BundleApplicationOut, idempotent=True)
def submit_bundle_application(application_no: str) -> ResponseReturnValue:
    """Hand everything in at once; what is missing is named for all parts (一次提交)."""
    with unit_of_work() as session:
        application = applying.submit(session, **_caller(), application_no=application_no)
        return bundle_shapes.whole(following.of_application(session, application))


@door.post("/<application_no>/withdraw", auth=CITIZEN_OR_COMPANY, gives=BundleApplicationOut, idempotent=True)
def withdraw_bundle_application(application_no: str) -> ResponseReturnValue:
    """Take back what is not decided yet; parts that were decided say so (撤回)."""
    with unit_of_work() as session:
        application = applying.withdraw(session, **_caller(), application_no=application_no)
        return bundle_shapes.whole(following.of_application(session, application))


def _caller() -> dict[str, Any]:
    return {"citizen_id": current_citizen_id(), "organisation_id": acting_for()}
