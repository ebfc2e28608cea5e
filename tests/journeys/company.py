"""A company of the registry and who represents it, for journeys (企业)."""

import itertools

from app.check_characters import mod_31
from tests.journeys.phone import Phone

_numbers = itertools.count(1)


def represented(phone: Phone, name: str = "示例市何记餐饮有限公司") -> int:
    """A company whose legal representative this person is, claimed on their phone; its id."""
    body = f"91350100MA9{next(_numbers):06d}"
    code = body + mod_31(body)
    unit = {"code": code, "name": name, "standing": "active", "legal_person": phone.person["name"]}
    phone.city.sandbox.post("/_sim/registry/units", **unit, phone=phone.person["phone"])
    phone.post("/api/v1/me/phone", {"platform": "wechat", "code": phone.sim("wechat/phone")["code"]})
    claimed = phone.post("/api/v1/me/organisations", {"code": code})
    return int(claimed["organisation"]["id"])


def acting(phone: Phone, company: int) -> Phone:
    """The same person, acting for the company."""
    return Phone(
        phone.city, phone.platform, phone.person, {**phone.headers, "X-Acting-For": f"org:{company}"}
    )
