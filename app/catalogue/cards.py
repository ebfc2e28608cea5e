"""What a list shows of an item and filters it by (事项卡片、标签、渠道、服务对象)."""

from collections.abc import Mapping
from typing import Any, Final

from app.catalogue import codes

Item = Mapping[str, Any]

# Label → what a citizen reads; the first four are the national 四办.
LABELS = {
    "mashang": "马上办",
    "wangshang": "网上办",
    "jiujin": "就近办",
    "yici": "一次办",
    "instant": "即办件",
    "zero_visit": "零跑腿",
    "cross_province": "跨省通办",
    "auto_enjoy": "免申即享",
    "notify_commit": "告知承诺",
    "tolerant_accept": "容缺受理",
    "elder_focus": "老年人常办",
    "free": "不收费",
}
CHANNELS = {"1": "window", "2": "web", "3": "mobile", "4": "courier", "9": "other"}
AUDIENCES = {"personal": "个人", "business": "法人"}
# What a guide says that anybody authorised in here may handle for the applicant (可在线授权代办).
ONLINE: Final = {"who": "agent", "allowed": True, "online": True}
# How guides call the account into which something is paid: holder, bank, number.
ACCOUNT: Final = "account_"
_PERSON = "1"
_COUNTRY = "1"


def labels(item: Item) -> list[str]:
    """The labels that an item has earned."""
    four = item.get("four_ban", {})
    earned = {
        **{name: four.get(name) is True for name in ("mashang", "wangshang", "jiujin", "yici")},
        "instant": item["project_type"] == "1",
        "zero_visit": item["limit_scene_num"] == 0,
        "free": item.get("is_fee") is False,
        "cross_province": crosses_provinces(item),
        **{
            name: item.get(name) is True
            for name in ("auto_enjoy", "notify_commit", "tolerant_accept", "elder_focus")
        },
    }
    return [name for name in LABELS if earned[name]]


def crosses_provinces(item: Item) -> bool:
    """Whether it is handled in the whole country (跨省通办): said so, and by its 通办范围."""
    return item.get("cross_province") is True and item.get("handle_area") == _COUNTRY


def channels(item: Item) -> list[str]:
    """The ways in which it can be handled."""
    return [CHANNELS[code] for code in item["handle_type"]]


def audiences(item: Item) -> list[str]:
    """Whom it serves: persons, organisations, or both."""
    served = item["server_type"]
    both = {"personal": _PERSON in served, "business": any(code != _PERSON for code in served)}
    return [name for name, is_served in both.items() if is_served]


def is_delegable(item: Item) -> bool:
    """Whether anybody authorised in here may handle it for the applicant (可在线授权代办).

    A guardian, or whoever brings a notary's paper (公证委托书), comes to the window; silence allows none.
    """
    told = item.get("delegation")
    return isinstance(told, dict) and {**told, **ONLINE} == told


def asks_account(item: Item) -> bool:
    """Whether its form asks for the account into which money goes, which the applicant alone fills in."""
    return any(str(field["key"]).startswith(ACCOUNT) for field in item.get("form") or [])


def limit_text(days: int, unit: str) -> str:
    """A limit as a citizen reads it."""
    return "当场办结" if days == 0 else f"{days}{codes.LIMIT_UNITS[unit]}"


def fee_text(item: Item) -> str:
    """What it costs in a few words; the guide itself gives every fee with its basis."""
    fees = item.get("fees", [])
    if not fees:
        return "不收费" if item.get("is_fee") is False else ""
    amounts = [fee.get("amount_fen") for fee in fees]
    if None in amounts:
        return "按实际核定"
    low, high = min(amounts), max(amounts)
    return yuan(low) if low == high else f"{yuan(low)}至{yuan(high)}"


def yuan(amount_fen: int) -> str:
    """An amount as a citizen reads it; the only place in this room where fen become yuan."""
    whole, rest = divmod(amount_fen, 100)
    return f"{whole}元" if rest == 0 else f"{whole}.{rest:02d}元"


def card(item: Item, *, version: int) -> dict[str, Any]:
    """What lists show of an item."""
    return {
        "task_code": item["task_code"],
        "item_key": item.get("item_key"),
        "name": item["task_name"],
        "plain_names": item.get("plain_names", []),
        "theme": item["theme"],
        "dept_name": item["dept_name"],
        "audiences": audiences(item),
        "labels": labels(item),
        "channels": channels(item),
        "visits": item["limit_scene_num"],
        "limit_text": limit_text(item["promise_day"], item["promise_unit"]),
        "fee_text": fee_text(item),
        "cross_province": crosses_provinces(item),
        "bookable": item.get("is_schedule") is True,
        "delegable": is_delegable(item),
        "own_account": asks_account(item),
        "version": version,
        "last_reviewed": item.get("last_reviewed"),
        "provenance": item["provenance"],
    }
