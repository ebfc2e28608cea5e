"""Promises about migrations: every step up and down, also on a filled database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text

import bootstrap  # noqa: F401 - knows every table
from app.db import Base
from tests.conftest import ROOT
from tests.databases import fresh_database
from tests.filled_database import fill


@pytest.fixture
def empty_database(environment: dict[str, str]) -> Iterator[str]:
    with fresh_database(environment["DATABASE_URL"], name="migrating") as address:
        yield address


def config_for(url: str) -> Config:
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = url
    return config


def test_the_tables_are_just_what_the_models_say(empty_database: str) -> None:
    command.upgrade(config_for(empty_database), "head")
    engine = create_engine(empty_database)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()

    assert differences == []


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(config_for("")).get_heads()) == 1


def test_a_migration_is_called_like_its_file_and_the_last_name_is_the_newest() -> None:
    scripts = ScriptDirectory.from_config(config_for(""))
    names = {step.revision: Path(step.path).stem for step in scripts.walk_revisions()}

    assert all(revision == stem for revision, stem in names.items())
    assert scripts.get_current_head() == max(names)


def test_every_migration_goes_down_and_up_again_on_a_filled_database(empty_database: str) -> None:
    config = config_for(empty_database)
    command.upgrade(config, "head")
    engine = create_engine(empty_database)
    fill(engine)
    scripts = ScriptDirectory.from_config(config)

    for _ in scripts.walk_revisions():
        one_down(config, scripts)
    assert remaining_tables(engine) == {"alembic_version"}
    command.upgrade(config, "head")

    assert remaining_tables(engine) - {"alembic_version"} == set(Base.metadata.tables)
    engine.dispose()


def one_down(config: Config, scripts: ScriptDirectory) -> None:
    """`alembic downgrade -1`, without reading every file of migrations anew."""

    def steps(revision: Any, _: MigrationContext) -> Any:
        return scripts._downgrade_revs("-1", revision)

    with EnvironmentContext(config, scripts, fn=steps):
        scripts.run_env()


def remaining_tables(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        asked = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return set(connection.scalars(asked))
