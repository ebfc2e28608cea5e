"""The phone client that is served is the one that its sources make (手机端的构建)."""

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest

from runner import client

pytestmark = pytest.mark.xdist_group("client")

# Names of XML namespaces, licences and pages of help in messages: nobody asks them for anything.
_NAMES = (
    *("http://www.w3.org/", "https://www.w3.org/", "https://vuejs.org/", "https://github.com/"),
    "https://uniapp.dcloud.net.cn/tutorial/",
)
_ADDRESS = re.compile(rb"https?://[^\s\"'`)<>\\]+")


def addresses(root: Path) -> set[str]:
    texts = [
        path.read_bytes() for path in root.rglob("*") if path.suffix in {".js", ".css", ".html", ".json"}
    ]
    return {found.decode() for text in texts for found in _ADDRESS.findall(text)}


def test_one_worker_builds_for_all_tests_of_the_client(request: pytest.FixtureRequest) -> None:
    """A library that loses the group costs a second build, and nobody sees why."""
    if not hasattr(request.config, "workerinput"):
        pytest.skip("these tests run in one process")

    assert request.node.nodeid.endswith("@client")


def test_the_source_is_the_one_the_build_was_made_from() -> None:
    assert client.recorded()["source"] == client.source_digest(), "run `make client` and commit client/h5"


def test_the_build_is_as_it_was_made() -> None:
    assert client.recorded()["h5"] == client.digest_of(client.SERVED), "client/h5 was changed by hand"


def test_a_changed_source_is_noticed(tmp_path: Path) -> None:
    shutil.copytree(client.CLIENT / "src", tmp_path / "src")
    before = client.digest_of(tmp_path, "src")
    (tmp_path / "src" / "App.vue").write_text("<template></template>")

    assert client.digest_of(tmp_path, "src") != before


def test_a_renamed_file_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "one.js").write_text("1")
    before = client.digest_of(tmp_path)
    (tmp_path / "one.js").rename(tmp_path / "two.js")

    assert client.digest_of(tmp_path) != before


def test_the_served_client_names_no_other_host() -> None:
    asked = {found for found in addresses(client.SERVED) if not found.startswith(_NAMES)}

    assert asked == set()


def test_the_first_paint_needs_little() -> None:
    """At most 100 KB of script, compressed, before the first page is there."""
    html = (client.SERVED / "index.html").read_text()
    scripts = re.findall(r'(?:src|href)="\./(assets/[^"]+\.js)"', html)

    packed = sum(len(gzip.compress((client.SERVED / name).read_bytes(), 6)) for name in scripts)
    assert scripts
    assert packed <= 100 * 1024


def test_a_build_of_today_is_the_one_that_is_committed(built: dict[str, str]) -> None:
    assert built == client.recorded(), json.dumps(built)


def test_the_wechat_package_is_far_below_its_limit(built: dict[str, str]) -> None:
    assert built
    size = sum(path.stat().st_size for path in client.output("weixin").rglob("*") if path.is_file())

    assert size <= 2 * 1024 * 1024 / 2


@pytest.mark.parametrize("target", ["weixin", "alipay"])
def test_a_mini_program_names_no_host_but_ours(built: dict[str, str], target: str) -> None:
    assert built
    asked = {found for found in addresses(client.output(target)) if not found.startswith(_NAMES)}

    assert {re.sub(r"(https?://[^/]+).*", r"\1", found) for found in asked} <= {"https://yima.example.gov.cn"}
