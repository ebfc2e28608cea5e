from typing import Any


def _run(app: Any, *args: str) -> Any:
    return app.test_cli_runner().invoke(args=["partners", *args])


def test_a_partner_is_added_listed_and_ended(app: Any, database: None) -> None:
    added = _run(app, "add", "示例区大数据局", "--day-quota", "50")
    key = added.output.split()[1]

    assert "secret: " in added.output
    listed = _run(app, "list").output
    assert listed == f"{key}\t示例区大数据局\t0/50 today\t120/minute\tin use\n"
    assert _run(app, "end", key).output == f"{key}: ended\n"
    assert "ended 20" in _run(app, "list").output


def test_an_unknown_key_cannot_be_ended(app: Any, database: None) -> None:
    refused = _run(app, "end", "yp_nobody")

    assert refused.exit_code == 1
    assert "没有这个密钥编号" in refused.output


def test_a_partner_needs_a_name(app: Any, database: None) -> None:
    assert _run(app, "add", " ").exit_code == 1
