"""What departments look at on site, and whether somebody comes to one's home, as a guide publishes it; pure.

Each row is one point of one department's checklist (现场核查要点). The list has the version of its guide.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.catalogue import joint_opinions

FIELD, HOME = "visit_points", "home_visit"


@dataclass(frozen=True, slots=True)
class Point:
    """One point: whose it is, what is looked at, and by which law; none: none was named."""

    dept_name: str
    text: str
    law: str


def of(body: Mapping[str, Any]) -> tuple[Point, ...]:
    """The points of a guide, each department's together, in the order of the guide."""
    points = [
        Point(dept_name=str(row["dept_name"]), text=str(row["text"]), law=str(row.get("law") or ""))
        for row in body.get(FIELD) or ()
    ]
    order = list(dict.fromkeys(point.dept_name for point in points))
    return tuple(sorted(points, key=lambda point: order.index(point.dept_name)))


def home_visit(body: Mapping[str, Any]) -> str:
    """For whom somebody comes to the door, and what for (上门服务); empty: the guide offers it not."""
    return str(body.get(HOME) or "")


def faults(body: Mapping[str, Any], *, lead: str) -> Iterator[tuple[str, str]]:
    """Where a guide lists wrongly, and what is wrong in one sentence each; `lead` is who decides."""
    heard = {rule.dept_name for rule in joint_opinions.of(body)}
    for place, row in enumerate(body.get(FIELD) or ()):
        if row["dept_name"] != lead and row["dept_name"] not in heard:
            yield f"[{place}].dept_name", "核查要点只能是实施主体自己的，或者征求意见的部门的"
    if home_visit(body) and not any(row["dept_name"] == lead for row in body.get(FIELD) or ()):
        yield "", "可以上门办的，要写明实施主体上门核查哪几点"
