from pathlib import Path

import pytest

from app.crypto import UnreadableError
from app.storage import FileMissingError, FolderStorage

pytestmark = pytest.mark.usefixtures("environment")

KEY = "photos/ab/cdef0123"


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path)


def test_what_was_put_is_got_back_and_lies_unreadable(storage: FolderStorage, tmp_path: Path) -> None:
    storage.put(KEY, b"a photo of a paper")

    assert storage.get(KEY) == b"a photo of a paper"
    assert b"a photo" not in (tmp_path / KEY).read_bytes()


def test_bytes_that_were_changed_are_not_given_out(storage: FolderStorage, tmp_path: Path) -> None:
    storage.put(KEY, b"a photo of a paper")
    changed = bytearray((tmp_path / KEY).read_bytes())
    changed[-1] ^= 1
    (tmp_path / KEY).write_bytes(changed)

    with pytest.raises(UnreadableError):
        storage.get(KEY)


def test_a_file_cannot_stand_in_for_another(storage: FolderStorage, tmp_path: Path) -> None:
    storage.put(KEY, b"mine")
    storage.put("photos/ab/other012", b"theirs")
    (tmp_path / "photos/ab/other012").write_bytes((tmp_path / KEY).read_bytes())

    with pytest.raises(UnreadableError):
        storage.get("photos/ab/other012")


def test_what_is_gone_is_gone_and_may_be_deleted_again(storage: FolderStorage) -> None:
    storage.put(KEY, b"x")
    storage.delete(KEY)
    storage.delete(KEY)

    with pytest.raises(FileMissingError):
        storage.get(KEY)


@pytest.mark.parametrize("key", ["../outside", "/etc/passwd", "a/../../b", "A", "", "photos/\x00", "a.part"])
def test_a_key_never_leads_out_of_the_folder(storage: FolderStorage, key: str) -> None:
    with pytest.raises(ValueError, match="not a storage key"):
        storage.put(key, b"x")


def test_a_write_that_fails_leaves_no_half_of_a_file(
    storage: FolderStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.storage.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        storage.put(KEY, b"x" * 1000)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
