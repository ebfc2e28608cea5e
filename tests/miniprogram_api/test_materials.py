import io
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.db import unit_of_work
from app.materials.models import LooseFile, Photo
from miniprogram_api.materials import PHOTO_LIMIT
from tests import case_fixtures
from tests.city_fixtures import load_city
from tests.people_fixtures import log_in_as
from tests.photo_fixtures import exif_of_a_phone, jpeg, moving_gif, page, png_bomb


class Album:
    """The photos of one material of one draft, over HTTP."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.owner = case_fixtures.citizen()
        self.headers = log_in_as(self.owner)
        self.case_no = case_fixtures.start(self.owner)
        self.code = case_fixtures.mandatory_materials(self.case_no)[0]
        self.path = f"/api/v1/cases/{self.case_no}/materials/{self.code}/photos"

    def add(
        self, content: bytes, *, key: str | None = None, name: str = "photo.jpg", path: str = ""
    ) -> TestResponse:
        """Send one photo as wx.uploadFile does; every request has another boundary."""
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        mark = secrets.token_hex(8)
        head = f'--{mark}\r\nContent-Disposition: form-data; name="photo"; filename="{name}"\r\n\r\n'
        return self.client.post(
            path or self.path,
            data=head.encode() + content + f"\r\n--{mark}--\r\n".encode(),
            content_type=f"multipart/form-data; boundary={mark}",
            headers=headers,
        )

    def get(self, address: str) -> TestResponse:
        return self.client.get(address, headers=self.headers)

    def pages(self) -> list[int]:
        return [photo["id"] for photo in self.get(self.path).get_json()["items"]]


@pytest.fixture
def album(client: FlaskClient) -> Album:
    load_city()
    case_fixtures.publish_id_lost()
    return Album(client)


def count(model: type[Photo] | type[LooseFile]) -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_photo_is_taken_and_shown_without_where_it_was_taken(album: Album) -> None:
    added = album.add(jpeg(exif=exif_of_a_phone()))
    shown = album.get(added.get_json()["url"])

    assert added.status_code == 201
    assert (added.get_json()["page"], added.get_json()["width"], added.get_json()["height"]) == (1, 900, 1200)
    assert Image.open(io.BytesIO(shown.data)).size == (900, 1200)
    assert b"Exif" not in shown.data


def test_a_photo_is_served_as_what_it_is_and_nothing_else(album: Album) -> None:
    shown = album.get(album.add(jpeg()).get_json()["url"])

    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert shown.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]


def test_a_small_picture_is_there_at_once(album: Album) -> None:
    added = album.add(jpeg()).get_json()

    assert max(Image.open(io.BytesIO(album.get(added["thumb_url"]).data)).size) == 336


def test_hints_about_quality_are_plain_sentences(album: Album) -> None:
    findings = album.add(jpeg(page((500, 375)))).get_json()["findings"]

    assert {finding["code"] for finding in findings} >= {"too_small"}
    assert all("重拍" in finding["sentence"] for finding in findings)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ\x90\x00" + bytes(3000), "not_a_photo"),
        (b"<svg onload='alert(1)'/>", "not_a_photo"),
        (b"<html><script>alert(1)</script>", "not_a_photo"),
        (moving_gif(), "not_a_photo"),
        (png_bomb(), "photo_too_many_pixels"),
        (jpeg()[:2000], "photo_truncated"),
        (jpeg() + b"PK\x03\x04" + bytes(99), "photo_has_foreign_data"),
        (b"", "photo_missing"),
    ],
    ids=["exe", "svg", "html", "gif", "bomb", "truncated", "polyglot", "empty"],
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(album: Album, content: bytes, code: str) -> None:
    refused = album.add(content, name="身份证.jpg")

    assert (refused.status_code, refused.get_json()["code"]) == (422, code)
    assert refused.mimetype == "application/problem+json"
    assert count(Photo) == 0


def test_a_request_without_a_photo_is_told(album: Album) -> None:
    refused = album.client.post(album.path, json={"photo": "x"}, headers=album.headers)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "photo_missing")


class Flood(io.RawIOBase):
    """A body that never seems to end, and knows how much of it was read."""

    def __init__(self, size: int) -> None:
        self.left = self.size = size
        self.taken = self.place = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, place: int, whence: int = 0) -> int:
        self.place = self.size if whence == io.SEEK_END else place
        return self.place

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        given = min(len(view), self.left)
        view[:given] = bytes(given)
        self.left -= given
        self.taken += given
        return given


def test_a_body_of_100_megabytes_is_refused_before_it_is_read(album: Album) -> None:
    size = 100 * 1024 * 1024
    flood = Flood(size)
    refused = album.client.post(
        album.path,
        input_stream=flood,
        content_length=size,
        content_type="multipart/form-data; boundary=x",
        headers=album.headers,
    )

    assert (refused.status_code, refused.get_json()["code"]) == (413, "too_large")
    assert flood.taken == 0


def test_a_body_that_lies_about_its_length_is_read_no_further_than_the_limit(album: Album) -> None:
    flood = Flood(100 * 1024 * 1024)
    refused = album.client.post(
        album.path,
        input_stream=flood,
        content_type="multipart/form-data; boundary=x",
        headers={**album.headers, "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert refused.status_code in {413, 422}
    assert flood.taken <= PHOTO_LIMIT + 1024 * 1024


def test_a_photo_of_twelve_megabytes_and_one_byte_is_refused(album: Album) -> None:
    refused = album.add(jpeg() + bytes(12 * 1024 * 1024 + 1 - len(jpeg())))

    assert (refused.status_code, refused.get_json()["code"]) == (413, "photo_too_large")


def test_the_same_key_is_one_page_and_the_same_answer(album: Album) -> None:
    first, again = (album.add(jpeg(), key="photo-tap-1") for _ in range(2))

    assert first.get_data() == again.get_data()
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replay"] == "true"
    assert len(album.pages()) == 1


def test_the_same_key_with_another_photo_is_refused(album: Album) -> None:
    album.add(jpeg(), key="photo-tap-1")
    refused = album.add(jpeg(page((800, 600))), key="photo-tap-1")

    assert (refused.status_code, refused.get_json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("key", ["short", "k" * 65, "漢" * 8])
def test_a_key_that_is_none_is_refused(album: Album, key: str) -> None:
    headers = album.headers | {"Idempotency-Key": key.encode().decode("latin-1")}
    refused = album.client.post(album.path, data={"photo": (io.BytesIO(jpeg()), "x")}, headers=headers)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "idempotency_key_missing")


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


@pytest.mark.parametrize("key", [None, "photo-tap-1"])
def test_one_photo_sent_four_times_at_once_is_one_page(
    album: Album, pool: ThreadPoolExecutor, key: str | None
) -> None:
    answers = list(pool.map(lambda _: album.add(jpeg(), key=key).status_code, range(4)))

    assert answers.count(201) >= 1
    assert set(answers) <= {200, 201, 409}
    assert len(album.pages()) == 1


def test_a_refused_photo_leaves_nothing_that_is_not_cleared(album: Album) -> None:
    album.add(b"<html>")

    assert count(Photo) == 0
    assert count(LooseFile) == 2


def test_a_page_is_taken_anew_in_its_place(album: Album) -> None:
    first, second = (album.add(jpeg(page((900, 600), desk=desk))).get_json() for desk in (30, 60))
    retaken = album.add(jpeg(page((900, 600), desk=90)), path=f"{album.path}/{first['id']}/retake")

    assert retaken.status_code == 201
    assert album.pages() == [retaken.get_json()["id"], second["id"]]
    assert album.get(first["url"]).status_code == 404


def test_a_retake_sent_again_with_its_key_is_one_page_and_the_same_answer(album: Album) -> None:
    path = f"{album.path}/{album.add(jpeg()).get_json()['id']}/retake"
    sent = [album.add(jpeg(page((900, 600))), key="retake-key-1", path=path) for _ in range(2)]

    assert sent[0].get_json() == sent[1].get_json()
    assert sent[1].headers["Idempotent-Replay"] == "true"
    assert album.pages() == [sent[0].get_json()["id"]]


def test_pages_are_ordered_and_taken_away(album: Album) -> None:
    ids = [album.add(jpeg(page((900, 600), desk=30 * number))).get_json()["id"] for number in range(1, 4)]
    moved = album.client.put(f"{album.path}/order", json={"photo_ids": ids[::-1]}, headers=album.headers)
    gone = album.client.delete(f"{album.path}/{ids[0]}", headers=album.headers)

    assert [photo["page"] for photo in moved.get_json()["items"]] == [1, 2, 3]
    assert gone.status_code == 204
    assert album.pages() == [ids[2], ids[1]]
    assert album.get(f"{album.path}/{ids[0]}").status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"photo_ids": []}, {"photo_ids": ["x"]}, {"photo_ids": [1.5]}, {"photo_ids": 3}]
)
def test_an_order_that_is_none_is_refused(album: Album, body: dict[str, object]) -> None:
    refused = album.client.put(f"{album.path}/order", json=body, headers=album.headers)

    assert refused.status_code == 422


def test_a_photo_is_found_only_under_its_own_case_and_material(album: Album) -> None:
    photo_id = album.add(jpeg()).get_json()["id"]
    other = case_fixtures.submitted(case_fixtures.citizen("李四"))
    for path in (
        f"/api/v1/cases/{other}/materials/{album.code}/photos/{photo_id}",
        f"/api/v1/cases/{album.case_no}/materials/OTHER/photos/{photo_id}",
        f"{album.path}/{photo_id + 1}",
    ):
        assert album.get(path).status_code == 404


def test_a_photo_whose_file_is_lost_is_not_there(album: Album) -> None:
    added = album.add(jpeg()).get_json()
    with unit_of_work() as session:
        session.get_one(Photo, added["id"]).storage_key = "photos/aa/gone"

    assert album.get(added["url"]).status_code == 404
