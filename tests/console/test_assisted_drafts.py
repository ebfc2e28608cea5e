"""A draft that a clerk fills in beside its citizen: nothing typed or chosen is lost (帮办填表)."""

import re
from io import BytesIO

import pytest

from app.materials import photos
from tests import case_fixtures
from tests.assistance_fixtures import end
from tests.catalogue_fixtures import ID_LOST
from tests.console.test_assistance import begun, number
from tests.photo_fixtures import jpeg, page
from tests.staff_fixtures import Browser

pytestmark = pytest.mark.usefixtures("city")


def test_a_form_is_filled_in_together(helper: Browser, elder: int) -> None:
    here = begun(helper, elder)
    draft = helper.post(f"{here}/items/{ID_LOST}").headers["Location"]

    said = helper.post(draft, **{"f.address": "示例路1号", "f.phone": "123"})

    shown = helper.get(said.headers["Location"]).text
    assert "已保存" in shown
    assert 'value="示例路1号"' in shown
    assert "手机号应为11位数字，请核对" in shown


def test_what_is_refused_stands_beside_its_field_with_what_was_typed(helper: Browser, elder: int) -> None:
    here = begun(helper, elder)
    draft = helper.post(f"{here}/items/{ID_LOST}").headers["Location"]

    refused = helper.post(draft, **{"f.address": "示" * 300})

    assert refused.status_code == 422
    assert "联系地址不能超过200个字" in refused.text


def test_photos_are_added_ordered_and_taken_out(helper: Browser, elder: int) -> None:
    here, draft = begun(helper, elder), case_fixtures.start(elder)
    code = case_fixtures.mandatory_materials(draft)[0]
    to = f"{here}/cases/{draft}/materials/{code}/photos"
    for each in range(2):
        photo = (BytesIO(jpeg(page((900, 600 + each)))), "page.jpg")
        assert helper.post(to, **{f"file.{code}": photo}).headers["Location"].endswith("done=photo")
    first, second = ids(helper, f"{here}/cases/{draft}")
    assert helper.get(f"{to}/{first}?size=thumb").mimetype == "image/jpeg"

    helper.post(f"{to}/{second}/forward")
    assert ids(helper, f"{here}/cases/{draft}") == [second, first]
    helper.post(f"{to}/{second}/remove")
    assert ids(helper, f"{here}/cases/{draft}") == [first]


def ids(helper: Browser, draft: str) -> list[int]:
    """The photos on a page, in their order."""
    parts = helper.get(draft).text.split("?size=thumb")[:-1]
    return [int(part.rsplit("/", 1)[-1]) for part in parts]


def test_what_the_citizen_wrote_meanwhile_is_not_overwritten(helper: Browser, elder: int) -> None:
    here, draft = begun(helper, elder), case_fixtures.start(elder)
    to = f"{here}/cases/{draft}"
    shown = re.findall(r'name="was\.(\w+)" value="([^"]*)"', helper.get(to).text)
    page_of = {f"{kind}.{key}": value for key, value in shown for kind in ("f", "was")}
    assert "f.address" in page_of
    case_fixtures.fill(elder, draft, address="示例路9号")

    helper.post(to, **page_of | {"f.note": "腿脚不便"})

    after = helper.get(to).text
    assert 'value="示例路9号"' in after
    assert "腿脚不便" in after


def test_a_refused_photo_leaves_the_draft_open(
    helper: Browser, elder: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "MAX_BYTES", 10)
    here, draft = begun(helper, elder), case_fixtures.start(elder)
    code = case_fixtures.mandatory_materials(draft)[0]
    to = f"{here}/cases/{draft}/materials/{code}/photos"

    refused = helper.post(to, **{f"file.{code}": picture(), "f.note": "腿脚不便"})

    assert refused.status_code == 413
    assert f'formaction="{to}"' in refused.text
    assert "腿脚不便" in helper.get(f"{here}/cases/{draft}").text


def picture() -> tuple[BytesIO, str]:
    """A photo as a browser sends it."""
    return BytesIO(jpeg(page((900, 700)))), "page.jpg"


def a_draft(helper: Browser, elder: int) -> tuple[str, str]:
    """The page of a draft on which one photo lies, and where its photos are."""
    here, draft = begun(helper, elder), case_fixtures.start(elder)
    code = case_fixtures.mandatory_materials(draft)[0]
    case_fixtures.add_photo(elder, draft, code)
    return f"{here}/cases/{draft}", f"{here}/cases/{draft}/materials/{code}/photos"


@pytest.mark.parametrize("pressed", ["", "/{0}/remove", "/{0}/forward"])
def test_what_was_typed_is_kept_with_whatever_is_pressed(helper: Browser, elder: int, pressed: str) -> None:
    draft, to = a_draft(helper, elder)
    (first,) = ids(helper, draft)
    code = to.split("/")[-2]

    helper.post(
        to + pressed.format(first), **{"f.note": "腿脚不便", "was.note": "", f"file.{code}": picture()}
    )

    shown = helper.get(draft)
    assert "腿脚不便" in shown.text
    assert len(ids(helper, draft)) == (1 if "remove" in pressed else 2)


def test_every_button_of_the_page_sends_the_whole_of_it(helper: Browser, elder: int) -> None:
    draft, to = a_draft(helper, elder)
    shown = helper.get(draft).text
    main = shown[shown.index("<main") : shown.index("</main>")]

    assert main.count('method="post"') == 1
    assert 'id="draft" enctype="multipart/form-data"' in main
    assert {
        f'form="draft" formaction="{one}"' in main for one in (to, f"{to}/{ids(helper, draft)[0]}/remove")
    } == {True}
    assert f'type="file" form="draft" name="file.{to.split("/")[-2]}"' in main


def test_a_form_that_is_refused_costs_no_photo(helper: Browser, elder: int) -> None:
    draft, to = a_draft(helper, elder)

    refused = helper.post(
        to, **{"f.address": "示" * 300, f"file.{to.split('/')[-2]}": picture(), "was.address": ""}
    )

    assert (refused.status_code, "示" * 300 in refused.text) == (422, True)
    assert len(ids(helper, draft)) == 2


def test_adding_nothing_says_so_and_keeps_the_form(helper: Browser, elder: int) -> None:
    draft, to = a_draft(helper, elder)

    refused = helper.post(to, **{"f.note": "腿脚不便", "was.note": ""})

    assert "请先选择文件" in refused.text
    assert "腿脚不便" in helper.get(draft).text


def test_going_back_saves_first(helper: Browser, elder: int) -> None:
    draft, _ = a_draft(helper, elder)

    gone = helper.post(draft, back="1", **{"f.note": "腿脚不便", "was.note": ""}).headers["Location"]

    assert gone.startswith(draft.split("/cases/")[0])
    assert "填的内容已保存" in helper.get(gone).text
    assert "腿脚不便" in helper.get(draft).text


def test_a_photo_is_seen_within_its_page_alone_and_not_after_the_end(helper: Browser, elder: int) -> None:
    draft, to = a_draft(helper, elder)
    photo = f"{to}/{ids(helper, draft)[0]}"
    assert helper.get(photo).headers["Cache-Control"] == "no-store"
    assert f'href="{photo}" data-photo=' in helper.get(draft).text
    assert "_blank" not in helper.get(draft).text
    alone = helper.client.get(photo, headers={"Sec-Fetch-Dest": "document"})
    assert (alone.status_code, alone.headers["Location"]) == (303, draft)

    end(elder, number(draft.split("/cases/")[0]))

    assert [helper.get(f"{photo}{size}").status_code for size in ("", "?size=thumb")] == [410, 410]
