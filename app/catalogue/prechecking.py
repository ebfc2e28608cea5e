"""Whether a clerk looks at an application before its applicant travels (网上预审): as the guide publishes it.

R042: 待预审查通过后，申请人携带书面申报材料. It is for what is handled at a window, where originals are
compared; what is decided at once has nothing to look at beforehand.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.catalogue import instant
from app.catalogue.item_shape import Finding

Item = Mapping[str, Any]

_WINDOW = "1"


def days(body: Item) -> int | None:
    """Working days in which a pre-check is answered; None: the guide offers none."""
    if _WINDOW not in body.get("handle_type", ()) or instant.is_instant(body):
        return None
    return body.get("precheck_days") or None


def check(item: Item, *, ours: bool) -> Iterator[Finding]:
    """What a guide says of a pre-check that cannot be; a record of another source is only warned of."""
    said = item.get("precheck_days")
    if said is None:
        return
    if said < 1:
        yield Finding("precheck_days", "precheck", "至少1个工作日；不提供网上预审的不填", refuses=ours)
    if _WINDOW not in item["handle_type"]:
        yield Finding("precheck_days", "precheck", "只有窗口能办的事项才有网上预审", refuses=ours)
    if instant.is_instant(item):
        yield Finding("precheck_days", "precheck", "即办件当场办结，不用网上预审", refuses=ours)
