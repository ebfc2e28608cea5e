"""What a hall is to be called (场所名称统一): by level, so that people know what they find there."""

from app.centres.models import Centre

# 综合性场所名称：县（区）级以上为政务服务中心，乡镇（街道）为便民服务中心，村（社区）为便民服务站.
NAMES = {
    "省级": "政务服务中心",
    "市级": "政务服务中心",
    "县级": "政务服务中心",
    "乡镇": "便民服务中心",
    "街道": "便民服务中心",
    "村级": "便民服务站",
    "社区": "便民服务站",
}
# A level that says the kind of place and not whose it is.
_EITHER = {"便民服务中心": ("便民服务中心", "便民服务站")}
COMMUNITY = frozenset({"乡镇", "街道", "村级", "社区", *_EITHER})


def is_community(level: str) -> bool:
    """Whether a place of this level is near where people live (便民服务中心、站)."""
    return level in COMMUNITY


def fault(level: str, name: str) -> str | None:
    """What is wrong with a hall's name, in one sentence; None when nothing is.

    A level that is not in the list is a fault of its own.
    """
    wanted = _EITHER.get(level) or ((NAMES[level],) if level in NAMES else ())
    if not wanted:
        return f"“{level}”不是规定的层级，请填{'、'.join(NAMES)}"
    if any(word in name for word in wanted):
        return None
    return f"{level}的综合性场所应叫“{'”或“'.join(wanted)}”，现在叫“{name}”"


def faults(centres: list[Centre]) -> dict[str, str]:
    """The halls whose names break the rule, by id."""
    found = {one.id: fault(one.level, one.name) for one in centres}
    return {centre_id: said for centre_id, said in found.items() if said is not None}
