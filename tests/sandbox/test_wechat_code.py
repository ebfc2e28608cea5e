"""Mini-program codes: pictures that a camera can read."""

import io
from pathlib import Path
from typing import Any

import pytest
import requests
import zxingcpp
from PIL import Image

from sandbox import keys
from sandbox.wechat_errors import Refusal
from sandbox.wechat_office import PICTURES_A_MINUTE, Office
from sandbox.world import World

from .conftest import StandIn


def _code(stand_in: StandIn, **asked: Any) -> requests.Response:
    params = {"access_token": stand_in.token()}
    return stand_in.call("POST", "/wxa/getwxacodeunlimit", params=params, json=asked)


@pytest.mark.parametrize("width", [280, 430, 1280])
@pytest.mark.parametrize("scene", ["a", "0123456789ABCDEFGHIJKLabcdefghij", "!#$&'()*+,/:;=?@-._~"])
def test_the_picture_decodes_to_the_scene(stand_in: StandIn, scene: str, width: int) -> None:
    answer = _code(stand_in, scene=scene, page="pages/index/index", width=width)
    picture = Image.open(io.BytesIO(answer.content))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert (picture.format, picture.size) == ("JPEG", (width, width))
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [scene]


@pytest.mark.parametrize(
    ("asked", "errcode"),
    [
        ({"scene": ""}, 40129),
        ({}, 40129),
        ({"scene": "x" * 33}, 40129),
        ({"scene": "办件"}, 40129),
        ({"scene": "a%20b"}, 40129),
        ({"scene": "x", "page": "/pages/index"}, 41030),
        ({"scene": "x", "page": "pages/index?a=1"}, 41030),
        ({"scene": "x", "width": 279}, 40097),
        ({"scene": "x", "width": "430"}, 40097),
        ({"scene": "x", "env_version": "beta"}, 40097),
    ],
)
def test_a_wrong_request_is_json_not_a_picture(
    stand_in: StandIn, asked: dict[str, Any], errcode: int
) -> None:
    answer = _code(stand_in, **asked)
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json()["errcode"] == errcode


def test_an_unpublished_page_needs_check_path_off(stand_in: StandIn) -> None:
    stand_in.sim("/wechat/pages", pages=["pages/index/index"])
    assert _code(stand_in, scene="x", page="pages/new/new").json()["errcode"] == 41030
    assert _code(stand_in, scene="x", page="pages/new/new", check_path=False).content[:2] == b"\xff\xd8"


def test_scanning_a_code_opens_its_page_with_the_scene(stand_in: StandIn) -> None:
    _code(stand_in, scene="a=1&b", page="pages/scan/scan")
    opened = stand_in.sim("/people/lin/wechat/scan", content="a=1&b")
    assert opened == {"path": "pages/scan/scan", "query": {"scene": "a%3D1%26b"}, "scene": 1047}
    unknown = stand_in.call("POST", "/_sim/people/lin/wechat/scan", json={"content": "never drawn"})
    assert unknown.status_code == 404


def test_five_thousand_codes_a_minute_are_enough(tmp_path: Path) -> None:
    world = World(tmp_path, keys.load_or_make(tmp_path), port=1, app_url="http://127.0.0.1:1")
    office = Office(world)
    for number in range(PICTURES_A_MINUTE):
        office.keep_scene(str(number), "pages/index/index")
    with pytest.raises(Refusal, match="45009"):
        office.keep_scene("more", "pages/index/index")
    world.clock.advance(61)
    office.keep_scene("more", "pages/index/index")
    assert "more" in office.scenes
