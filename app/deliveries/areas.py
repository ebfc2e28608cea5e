"""Where an address lies, as the post is paid for (寄递区域): read from the address that goes on the label.

An address is written from the large to the small, so that its beginning names a province of GB/T 2260, a city
or a district of the list of divisions (行政区划). What names none of them lies nowhere that we know: 城市花园
and 农贸市场 are no cities, and whoever lives there does not pay for one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from app import settings
from app.catalogue import queries as catalogue
from app.catalogue.errors import ListNotFound
from app.deliveries.models import Region

PROVINCES: Final[Mapping[str, str]] = {
    "11": "北京市",
    "12": "天津市",
    "13": "河北省",
    "14": "山西省",
    "15": "内蒙古自治区",
    "21": "辽宁省",
    "22": "吉林省",
    "23": "黑龙江省",
    "31": "上海市",
    "32": "江苏省",
    "33": "浙江省",
    "34": "安徽省",
    "35": "福建省",
    "36": "江西省",
    "37": "山东省",
    "41": "河南省",
    "42": "湖北省",
    "43": "湖南省",
    "44": "广东省",
    "45": "广西壮族自治区",
    "46": "海南省",
    "50": "重庆市",
    "51": "四川省",
    "52": "贵州省",
    "53": "云南省",
    "54": "西藏自治区",
    "61": "陕西省",
    "62": "甘肃省",
    "63": "青海省",
    "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区",
    "71": "台湾省",
    "81": "香港特别行政区",
    "82": "澳门特别行政区",
}
_LONG = re.compile(r"(?:壮族|回族|维吾尔)?自治区|特别行政区|省|市")
_BLANKS = re.compile(r"[\s,，、·-]+")
# What makes 北京 the province in 北京朝阳区, and a street in 北京东路.
_GOES_ON = r"(?=[一-鿿]{1,9}?(?:市|区|县|州|盟|旗|岛))(?![东西南北中]?(?:路|街|道|大道|巷|弄|里|村|区|镇))"
# What of a county is told from a street: 晋江市, not 城厢区.
_COUNTIES = ("市", "县")


@dataclass(frozen=True, slots=True)
class Home:
    """The city that sends: two digits of its province, the names of it, of its districts and neighbours."""

    province: str
    names: tuple[str, ...]
    districts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def home(session: Session) -> Home:
    """This city, as the settings and the list of divisions (行政区划) call it."""
    here = settings.current()
    try:
        listed = catalogue.reference_list(session, key="divisions")
    except ListNotFound:
        listed = {}
    city = here.region_code[:4]
    cities, counties = listed.get("cities", ()), listed.get("counties", ())
    names = [found["name"] for found in cities if found["code"].startswith(city)]
    districts = [found["name"] for found in counties if found["city"] == city]
    others = [found["name"] for found in cities if not found["code"].startswith(city)]
    others += [
        found["name"] for found in counties if found["city"] != city and found["name"].endswith(_COUNTIES)
    ]
    return Home(city[:2], (here.city_name, *names), tuple(districts), tuple(others))


def region_of(address: str, home: Home) -> Region | None:
    """The region in which an address lies; None when it does not say."""
    said = _BLANKS.sub("", address).removeprefix("中华人民共和国").removeprefix("中国")
    province, rest = _province(said)
    if province is not None and province != home.province:
        return Region.ELSEWHERE
    # Of the four cities that are provinces the name is said once, so `said` begins with it.
    if said.startswith(home.names) or rest.startswith((*home.names, *home.districts)):
        return Region.CITY
    return Region.ELSEWHERE if rest.startswith(home.others) else None


def _province(said: str) -> tuple[str | None, str]:
    """The digits of the province with which an address begins, and what follows it."""
    for code, name in PROVINCES.items():
        if said.startswith(name):
            return code, said.removeprefix(name)
        short = _LONG.sub("", name)
        if re.match(short + _GOES_ON, said):
            return code, said.removeprefix(short)
    return None, said
