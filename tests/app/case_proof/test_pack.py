"""What a citizen takes along, and the script that checks it without us."""

import copy
import importlib.util
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import delete, text

from app.case_proof import merkle, pack
from app.case_proof.errors import NothingToProve
from app.case_proof.models import CaseReceiptOpening
from app.cases.models import Case
from app.db import unit_of_work
from app.own_data import matters
from app.signatures import keys
from app.undertakings.models import Kind, SignedUndertaking
from tests import case_fixtures
from tests import proof_fixtures as proof
from tests.city_fixtures import MONDAY
from tests.conftest import ROOT
from tests.document_fixtures import words_of


@pytest.fixture
def content(citizen: int) -> bytes:
    """A pack whose chain is under a published root."""
    case_id = proof.a_decided_case(citizen)
    proof.tuesday_comes()
    return proof.packed(case_id)


def script() -> ModuleType:
    """The script's functions, for a check of each of a thousand changes."""
    spec = importlib.util.spec_from_file_location("check_proof", ROOT / "docs" / "check_proof.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_pack_is_checked_without_us(content: bytes, tmp_path: Path) -> None:
    said = proof.checked(content, tmp_path)

    assert (said.returncode, said.stderr) == (0, "")
    assert "1 published days" in said.stdout


def test_it_holds_every_kind_of_step(content: bytes) -> None:
    payload = proof.record_of(content)["payload"]
    kinds = {receipt["kind"] for receipt in payload["receipts"]}

    assert kinds == {
        *("step", "form", "material", "decision", "clock", "bill", "payment"),
        *("document", "file", "message"),
    }
    [decision] = [one["says"]["content"] for one in payload["receipts"] if one["kind"] == "decision"]
    assert (decision["granted"], decision["reason"]) == (True, "符合条件")


def test_what_was_signed_is_in_it_word_for_word(citizen: int) -> None:
    case_id = proof.a_decided_case(citizen)
    with unit_of_work() as session:
        session.add(
            SignedUndertaking(
                case_id=case_id,
                citizen_id=citizen,
                kind=Kind.CO_SIGN.value,
                material_code="M01",
                digest="0" * 64,
                sealed_text="共同申请人同意书\n我同意一起申请",
                signed_at=MONDAY,
                login_id=1,
                platform="h5",
            )
        )
    content = proof.packed(case_id)
    signed = proof.record_of(content)["payload"]["receipts"][-1]

    assert signed["kind"] == "undertaking"
    assert signed["says"]["content"]["text"] == "共同申请人同意书\n我同意一起申请"
    assert "签了共同申请人同意书" in words_of(summary_of(content))


def test_its_summary_can_be_read(content: bytes) -> None:
    words = words_of(summary_of(content))
    for part in ("办事凭据", "申请已提交", "业务受理通知书", "准予", "怎么核验"):
        assert part in words


def leaves(found: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each single field of a record."""
    if isinstance(found, dict | list):
        for key, value in found.items() if isinstance(found, dict) else enumerate(found):
            yield from leaves(value, (*way, key))
    else:
        yield way


def changed(record: dict[str, Any], way: tuple[Any, ...]) -> dict[str, Any]:
    """A record in which one field says something else."""
    other = copy.deepcopy(record)
    *outer, last = way
    place: Any = other
    for key in outer:
        place = place[key]
    value = place[last]
    if isinstance(value, bool) or value is None:
        place[last] = "x"
    elif isinstance(value, int):
        place[last] = value + 1
    else:
        place[last] = ("1" if value[:1] == "0" else "0") + value[1:]
    return other


def test_every_single_field_that_is_changed_is_found(content: bytes) -> None:
    check, record = script(), proof.record_of(content)
    published = [keys.as_jwk(key) for key in keys.published()]
    summary = summary_of(content)
    check.check(record, summary, published)
    found = [way for way in leaves(record) if not refused(check, changed(record, way), summary, published)]

    assert len(list(leaves(record))) > 300
    assert found == []


def test_what_the_signature_alone_would_not_find_the_chain_does(content: bytes) -> None:
    """Somebody with the record's key, but not with yesterday's root and the hashes."""
    check, record = script(), proof.record_of(content)
    summary = summary_of(content)
    vars(check)["signed"] = lambda *_: True
    check.check(record, summary, None)
    inside = [
        way
        for way in leaves(record)
        if way[:2] == ("payload", "receipts")
        or (way[:2] == ("payload", "days") and way[3] in {"root", "path"})
    ]

    assert [way for way in inside if not refused(check, changed(record, way), summary, None)] == []


def summary_of(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return opened.read(pack.SUMMARY)


def refused(check: ModuleType, record: dict[str, Any], summary: bytes, published: Any) -> bool:
    try:
        check.check(record, summary, published)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return True
    return False


def test_a_root_that_somebody_kept_is_compared(content: bytes, tmp_path: Path) -> None:
    day = proof.record_of(content)["payload"]["days"][0]
    same, other = f"2026-11-16={day['root']}", f"2026-11-16={'0' * 64}"
    assert "the same roots as were kept: 2026-11-16" in proof.checked(content, tmp_path, same).stdout
    said = proof.checked(content, tmp_path, other)
    assert (said.returncode, "is not the one that was kept" in said.stderr) == (1, True)


def test_roots_are_given_as_the_city_publishes_them(content: bytes, tmp_path: Path) -> None:
    kept, elsewhere = tmp_path / "kept.json", tmp_path / "elsewhere.json"
    kept.write_text(json.dumps({"items": [{"day": "2026-11-16", "root": "0" * 64}], "next_cursor": None}))
    elsewhere.write_text(json.dumps({"day": "2026-01-01", "root": "0" * 64}))
    assert proof.checked(content, tmp_path, str(kept)).returncode == 1
    assert "of no day whose root was kept" in proof.checked(content, tmp_path, str(elsewhere)).stdout


@pytest.mark.parametrize("place", [0, 3, -1])
def test_a_step_left_out_is_found_by_the_script(content: bytes, tmp_path: Path, place: int) -> None:
    record = proof.record_of(content)
    del record["payload"]["receipts"][place]

    said = proof.checked(proof.with_record(content, record), tmp_path)
    assert (said.returncode, "not valid" in said.stderr) == (1, True)


def test_a_record_signed_with_a_key_of_ones_own_is_found(content: bytes, tmp_path: Path) -> None:
    record = proof.record_of(content)
    record["payload"]["keys"][0]["x"] = "A" * 43
    said = proof.checked(proof.with_record(content, record), tmp_path)

    assert "not signed by the city" in said.stderr


def test_a_draft_has_nothing_to_prove(citizen: int) -> None:
    case_no = case_fixtures.ready(citizen)
    with unit_of_work() as session, pytest.raises(NothingToProve):
        pack.of(session, session.query(Case).filter_by(case_no=case_no).one())


def test_what_was_forgotten_is_gone_and_the_chain_is_still_whole(citizen: int, tmp_path: Path) -> None:
    case_id = proof.a_decided_case(citizen)
    proof.tuesday_comes()
    with unit_of_work() as session:
        matters.forget(session, citizen)
        session.execute(text("UPDATE citizens SET closed_at = now()"))
    content = proof.packed(case_id)

    assert "王小明" not in json.dumps(proof.record_of(content), ensure_ascii=False)
    assert proof.checked(content, tmp_path).returncode == 0
    assert proof.faults() == []


def test_a_salt_keeps_a_name_from_being_guessed(content: bytes) -> None:
    receipts = proof.record_of(content)["payload"]["receipts"]
    salts = {one["says"]["salt"] for one in receipts}

    assert len(salts) == len(receipts)
    assert {len(salt) for salt in salts} == {32}


@pytest.mark.parametrize("size", range(1, 18))
def test_each_entry_of_a_tree_leads_to_its_root(size: int) -> None:
    check = script()
    entries = [merkle.leaf(bytes([number])) for number in range(size)]
    root = merkle.root(entries).hex()
    for place, entry in enumerate(entries):
        path = [step.hex() for step in merkle.paths(entries)[place]]
        day = {"position": place, "leaves": size, "path": path}
        assert check.root_of(day, entry.hex()) == root
        assert check.root_of({**day, "position": place + 1}, entry.hex()) != root or size == 1


def test_the_tree_is_that_of_the_standard() -> None:
    """The vectors that certificate transparency is tested with."""
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    entries = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243")]
    entries += [bytes.fromhex("5051525354555657"), bytes.fromhex("606162636465666768696a6b6c6d6e6f")]
    found = merkle.root([merkle.leaf(entry) for entry in entries]).hex()

    assert found == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_openings_go_with_the_account_alone(citizen: int) -> None:
    case_id = proof.a_decided_case(citizen)
    proof.keep_up(case_id)
    with unit_of_work() as session:
        session.execute(delete(CaseReceiptOpening).where(CaseReceiptOpening.case_id == case_id))
    assert "what receipt 1 says is gone" in proof.faults()[0]
    with unit_of_work() as session:
        session.execute(text("UPDATE citizens SET closed_at = now()"))

    assert proof.faults() == []


def test_a_chain_made_anew_without_its_days_is_found(content: bytes) -> None:
    """Whoever has the city's own key leaves the roots out, because the new chain is not under them."""
    check, record = script(), proof.record_of(content)
    vars(check)["signed"] = lambda *_: True
    record["payload"] |= {"days": [], "made_at": "2026-11-20T00:00:00.000000+00:00"}

    assert refused(check, record, summary_of(content), None)


def test_what_came_in_last_may_wait_for_its_root_and_is_named(citizen: int, tmp_path: Path) -> None:
    said = proof.checked(proof.packed(proof.a_decided_case(citizen)), tmp_path)

    assert (said.returncode, "under no root yet: what came in on 2026-11-16" in said.stdout) == (0, True)
