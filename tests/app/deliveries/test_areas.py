"""Where an address lies (R076): read from its beginning, against the list of divisions."""

import pytest

from app.catalogue.models import ReferenceList
from app.db import unit_of_work
from app.deliveries import areas
from app.deliveries.areas import Home
from app.deliveries.models import Region

HOME = Home("35", ("示例市", "福州市"), ("鼓楼区", "福清市"), ("厦门市", "晋江市"))


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("示例市示例区示例路1号", Region.CITY),
        ("福建省福州市鼓楼区东街1号", Region.CITY),
        ("福建 福州市 鼓楼区", Region.CITY),
        ("福清市宏路街道1号", Region.CITY),
        ("福建省厦门市思明区1号", Region.ELSEWHERE),
        ("江苏省南京市鼓楼区1号", Region.ELSEWHERE),
        ("北京朝阳区建国路1号", Region.ELSEWHERE),
        ("内蒙古呼和浩特市1号", Region.ELSEWHERE),
        ("福建省晋江市青阳街道1号", Region.ELSEWHERE),
        ("北京东路12号", None),
        ("上海街道1号", None),
        ("示例路1号", None),
        ("湖滨新村城市花园3号", None),
        ("农贸市场2号楼", None),
        ("福建省菜市街5号", None),
    ],
)
def test_the_beginning_of_an_address_says_where_it_lies(address: str, region: Region | None) -> None:
    assert areas.region_of(address, HOME) is region


def test_a_city_that_is_a_province_is_named_once() -> None:
    beijing = Home("11", ("北京市",), ("朝阳区",))
    assert areas.region_of("北京市朝阳区1号", beijing) is Region.CITY
    assert areas.region_of("上海市浦东新区1号", beijing) is Region.ELSEWHERE


def test_the_cities_around_are_those_of_the_list(database: None) -> None:
    del database
    body = {
        "cities": [{"code": "350100", "name": "福州市"}, {"code": "350500", "name": "泉州市"}],
        "counties": [
            {"code": "350181", "name": "福清市", "city": "3501"},
            {"code": "350582", "name": "晋江市", "city": "3505"},
            {"code": "350502", "name": "鲤城区", "city": "3505"},
        ],
    }
    with unit_of_work() as session:
        session.merge(ReferenceList(key="divisions", body=body))
        session.flush()
        home = areas.home(session)
    assert (home.districts, home.others) == (("福清市",), ("泉州市", "晋江市"))
