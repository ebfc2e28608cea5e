"""One licence for one trade, for whoever checks it (行业综合许可核验): /bundle-licences."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app.bundles import licences
from app.bundles.licences import Listed
from app.codes import service as codes
from app.codes.models import CodeKind
from app.db import unit_of_work
from miniprogram_api.certificates import CertificateOut
from web.callers import PUBLIC
from web.door import Door
from web.times import ShanghaiTime

door = Door("bundle_licences", __name__, url_prefix="/api/v1/bundle-licences")


class ListedLicenceOut(CertificateOut):
    """One licence that it stands for; no `valid_until` means without end."""

    class Meta:
        """Anybody may read the list, so that what leads to the holder's own pages is not in it."""

        exclude = ("id", "task_code")


class BundleLicenceOut(Schema):
    """A comprehensive licence with the licences of its parts; nothing personal, the holder is a business.

    `content` is what its code says; the code leads anybody to the same list.
    """

    licence_no = fields.String()
    name = fields.String()
    holder_name = fields.String()
    issued_at = ShanghaiTime()
    valid = fields.Boolean(metadata={"description": "every licence of it is valid today"})
    content = fields.String()
    parts = fields.List(fields.Nested(ListedLicenceOut))


@door.get("/<licence_no>", auth=PUBLIC, gives=BundleLicenceOut)
def show_bundle_licence(licence_no: str) -> ResponseReturnValue:
    """Show a comprehensive licence and whether each of its licences stands (行业综合许可)."""
    with unit_of_work() as session:
        listed = licences.by_no(session, licence_no=licence_no)
        content = codes.static_code(session, kind=CodeKind.LICENCE, target=str(listed.licence.id))
        return _shown(listed, content)


def _shown(listed: Listed, content: str) -> dict[str, Any]:
    licence = listed.licence
    dumped: dict[str, Any] = BundleLicenceOut().dump(
        {
            "licence_no": licence.licence_no,
            "name": licence.name,
            "holder_name": licence.holder_name,
            "issued_at": licence.issued_at,
            "valid": listed.whole,
            "content": content,
            "parts": listed.parts,
        }
    )
    return dumped
