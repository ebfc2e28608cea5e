from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.codes.models import StaticCode
from app.db import unit_of_work
from tests import city_fixtures as city
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("database")


def test_the_halls_codes_are_drawn_and_drawn_the_same_again(app: YimaFlask, tmp_path: Path) -> None:
    city.load_city()
    run = app.test_cli_runner()

    drawn = run.invoke(args=["codes", "draw-halls", str(tmp_path / "walls")])
    first = (tmp_path / "walls" / "C01-A01.svg").read_bytes()
    run.invoke(args=["codes", "draw-halls", str(tmp_path / "walls")])

    assert drawn.exit_code == 0, drawn.output
    assert (tmp_path / "walls" / "C01-A01.svg").read_bytes() == first


def test_the_code_of_a_guide_is_drawn(app: YimaFlask, tmp_path: Path) -> None:
    [task_code] = city.publish_items("id-renew")
    file = tmp_path / "guide.svg"

    drawn = app.test_cli_runner().invoke(args=["codes", "draw", "guide", task_code, str(file)])

    assert drawn.exit_code == 0, drawn.output
    assert file.read_bytes().startswith(b"<svg ")


def test_a_code_that_leads_nowhere_is_not_made(app: YimaFlask, tmp_path: Path) -> None:
    city.load_city()
    file = tmp_path / "window.svg"

    refused = app.test_cli_runner().invoke(args=["codes", "draw", "window", "C01/Z99", str(file)])

    assert refused.exit_code == 1
    assert not file.exists()
    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(StaticCode)) == 0
