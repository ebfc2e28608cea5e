"""Within how many working days the office says what is missing (补正告知期限): as the guide publishes it.

The city promises three working days (R023). 《行政许可法》第三十二条 knows five, and other statutes may know
their own: who takes more than the city's three names the law that gives them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.catalogue.item_shape import Finding

Item = Mapping[str, Any]

DAYS, OF_LICENCES = 3, 5
_LICENCE = "01"
_LAW = re.compile(r"《[^》]{2,}》.*第[一二三四五六七八九十百零〇\d]+条")


def days(body: Item) -> int:
    """Working days after the day of receipt in which a correction may be asked for."""
    return int(body.get("telling_days") or DAYS)


def check(item: Item, *, ours: bool) -> Iterator[Finding]:
    """What a guide says of these days without a law; a record of another source is only warned of."""
    said, basis = item.get("telling_days"), (item.get("telling_basis") or "").strip()
    if said is None:
        return
    if said < 1:
        yield Finding("telling_days", "telling", "至少1个工作日；不填就是3个工作日", refuses=ours)
    elif said > OF_LICENCES and item["task_type"] == _LICENCE:
        yield Finding(
            "telling_days", "telling", "行政许可最多5个工作日（行政许可法第三十二条）", refuses=ours
        )
    elif said > DAYS and not _LAW.search(basis):
        yield Finding(
            "telling_basis",
            "telling",
            "超过3个工作日的，写明依据哪部法律第几条，如《…法》第三十二条",
            refuses=ours,
        )
