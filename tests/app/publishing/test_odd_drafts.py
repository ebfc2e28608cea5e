"""What is typed or sent that no guide can hold (存不下的内容): refused with its place, nothing lost."""

import pytest

from app.catalogue.errors import GuideNotFound
from app.publishing.errors import DraftUnstorable
from tests.app.publishing.conftest import Room
from tests.catalogue_fixtures import MARRY


@pytest.mark.parametrize("text", ["一\x00二", "半个\ud800字", float("nan"), 2**70])
def test_what_no_database_holds_is_refused_with_its_place(room: Room, text: object) -> None:
    with pytest.raises(DraftUnstorable, match="承诺时限说明"):
        room.save(room.begin(), promise_explain=text)


@pytest.mark.parametrize("code", ["XYZ", MARRY, "9" * 40])
def test_an_item_that_is_not_there_is_not_changed(room: Room, code: str) -> None:
    with pytest.raises(GuideNotFound):
        room.begin(code)
