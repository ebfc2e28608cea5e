from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.catalogue import sheet_writing
from app.catalogue.models import GuideVersion, ServiceItem
from app.db import unit_of_work
from tests.catalogue_fixtures import item, record, write, write_lines


@pytest.fixture
def imported(app: Any, database: None) -> Any:
    """Run `flask catalogue import …`."""

    def run(*arguments: object) -> Result:
        result: Result = app.test_cli_runner().invoke(args=["catalogue", "import", *map(str, arguments)])
        return result

    return run


def _counted(model: type[Any]) -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_good_file_is_imported_whole(imported: Any, tmp_path: Path) -> None:
    result = imported(write(tmp_path / "items.json", item(), item("marry")))

    assert (result.exit_code, result.stdout) == (0, "items.json: 2 new, 0 changed, 0 unchanged, 0 withheld\n")
    assert _counted(ServiceItem) == 2


def test_one_bad_row_keeps_the_whole_file_out(imported: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "items.json", item(), item("marry", promise_day="ten"))
    result = imported(path)

    assert result.exit_code == 1
    assert f"{path}:" in result.stderr
    assert "error: promise_day: type: 要填整数" in result.stderr
    assert "1 bad rows; nothing was imported" in result.stderr
    assert _counted(ServiceItem) == 0


def test_importing_again_changes_nothing(imported: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "items.json", item(), item("marry"))
    imported(path)

    assert "0 new, 0 changed, 2 unchanged" in imported(path).stdout
    assert _counted(GuideVersion) == 2


def test_only_what_has_changed_becomes_a_new_version(imported: Any, tmp_path: Path) -> None:
    imported(write(tmp_path / "items.json", item(), item("marry")))
    result = imported(write(tmp_path / "items.json", item(promise_day=5), item("marry")))

    assert "0 new, 1 changed, 1 unchanged" in result.stdout
    assert _counted(GuideVersion) == 3


def test_provincial_records_come_in_through_their_mapping(
    imported: Any, tmp_path: Path, client: FlaskClient
) -> None:
    longer = record(TASK_CODE=record()["TASK_CODE"] + "03", TASK_NAME="示例从业资格延续")
    result = imported(write_lines(tmp_path / "r.jsonl", record(), longer), "--mapping", "guangdong")

    assert result.exit_code == 0
    found = client.get(f"/api/v1/guides/{longer['TASK_CODE']}").get_json()
    assert (found["name"], found["provenance"]) == ("示例从业资格延续", "guangdong-portal")
    assert found["limits"]["statutory"]["text"] == "20个工作日"


def test_bad_records_are_named_by_their_line_and_nothing_is_kept(imported: Any, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "r.jsonl", record(), record(handle_time="soon"), "text")
    result = imported(path, "--mapping", "guangdong")

    assert result.exit_code == 1
    assert f"{path}:2: error: handle_time: limit:" in result.stderr
    assert f"{path}:3: error: item: type:" in result.stderr
    assert _counted(ServiceItem) == 0


def test_a_wrong_mapping_or_file_is_refused_by_the_command(imported: Any, tmp_path: Path) -> None:
    assert imported(tmp_path / "missing.json").exit_code == 2
    assert imported(write(tmp_path / "items.json"), "--mapping", "mars").exit_code == 2


def test_what_is_exported_can_be_imported_and_changes_nothing(
    app: Any, imported: Any, tmp_path: Path
) -> None:
    imported(write(tmp_path / "items.json", item(), item("marry")))
    out = tmp_path / "out.json"
    result = app.test_cli_runner().invoke(args=["catalogue", "export", str(out)])

    assert result.exit_code == 0
    assert "0 new, 0 changed, 2 unchanged" in imported(out).stdout


@pytest.fixture
def run(app: Any, database: None) -> Any:
    """Run `flask catalogue …`."""

    def run(*arguments: object) -> Result:
        result: Result = app.test_cli_runner().invoke(args=["catalogue", *map(str, arguments)])
        return result

    return run


def test_a_workbook_is_exported_and_imported_without_a_change(run: Any, tmp_path: Path) -> None:
    run("import", write(tmp_path / "items.json", item(), item("marry")))
    book = tmp_path / "items.xlsx"

    assert run("export", book).exit_code == 0
    assert "0 new, 0 changed, 2 unchanged" in run("import", book).stdout


def test_the_bad_rows_of_a_workbook_go_to_a_report(run: Any, tmp_path: Path) -> None:
    book, report = tmp_path / "items.xlsx", tmp_path / "bad.xlsx"
    book.write_bytes(sheet_writing.export([item(common_mistakes=[])]))
    result = run("import", book, "--report", report)

    assert result.exit_code == 1
    assert f"{book}:事项表第2行：错误：常见错误：" in result.stderr
    assert "1 bad rows; nothing was imported" in result.stderr
    assert report.read_bytes()[:2] == b"PK"


def test_a_workbook_needs_no_mapping(run: Any, tmp_path: Path) -> None:
    book = tmp_path / "items.xlsx"
    book.write_bytes(sheet_writing.export([item()]))

    assert run("import", book, "--mapping", "national").exit_code == 2


def test_the_template_is_a_workbook(run: Any, tmp_path: Path) -> None:
    assert run("template", tmp_path / "template.xlsx").exit_code == 0
    assert (tmp_path / "template.xlsx").read_bytes()[:2] == b"PK"


def test_the_report_of_the_six_elements_has_a_line_for_each_difference(run: Any, tmp_path: Path) -> None:
    other = {"task_code": "11350102MB990001394350790003000", "dept_code": "11350102MB99000139"}
    there = {**item(promise_day=3), **other, "use_level": "4", "task_handle_items": []}
    run("import", write(tmp_path / "items.json", item(), {**there, "dept_code_explain": "示例"}))
    result = run("unified")

    assert result.stdout.split("\t")[:3] == ["350790003000", "时限", "市公安局"]
    assert result.stderr.endswith("1 differences\n")
