import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from app import clock
from app.catalogue import generation, queries, service
from app.catalogue.errors import GuideNotFound, ItemCancelled, ItemSuspended
from app.catalogue.models import GuideVersion, ServiceItem
from app.db import unit_of_work
from tests.catalogue_fixtures import ID_LOST, item, publish, turn_taken

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def _guide(at: datetime | None = None) -> queries.Guide:
    with unit_of_work() as session:
        return queries.guide(session, task_code=ID_LOST, at=at)


def in_threads(work: Callable[[int], object], values: Iterable[int]) -> None:
    threads = [threading.Thread(target=work, args=(value,)) for value in values]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_published_item_has_its_first_version(database: None) -> None:
    done = publish(item())

    assert done.added == 1
    assert (_guide().version, _guide().name, _guide().promise_day) == (1, "居民身份证丢失补领", 10)


def test_an_unchanged_item_stays_as_it_is(database: None) -> None:
    publish(item())
    again = publish(item())

    assert (again.unchanged, again.changed) == (1, 0)
    assert _guide().version == 1


def test_a_changed_item_becomes_a_new_version_and_the_old_one_stays(database: None) -> None:
    with clock.stopped_at(NOON):
        publish(item())
    with clock.stopped_at(NOON + timedelta(days=1)):
        publish(item(promise_day=5))

    assert (_guide().version, _guide().promise_day) == (2, 5)
    old = _guide(at=NOON + timedelta(hours=1))
    assert (old.version, old.promise_day) == (1, 10)
    assert old.effective_to == NOON + timedelta(days=1)


def test_there_was_no_guide_before_the_first_publication(database: None) -> None:
    with clock.stopped_at(NOON):
        publish(item())

    with pytest.raises(GuideNotFound):
        _guide(at=NOON - timedelta(seconds=1))


def test_a_clock_that_went_back_does_not_turn_history_round(database: None) -> None:
    with clock.stopped_at(NOON):
        publish(item())
    with clock.stopped_at(NOON - timedelta(hours=1)):
        publish(item(promise_day=5))

    assert _guide().effective_from == NOON


@pytest.mark.parametrize(
    ("state", "error"), [("2", ItemSuspended), ("3", ItemCancelled), ("4", GuideNotFound)]
)
def test_only_items_in_use_are_shown(database: None, state: str, error: type[Exception]) -> None:
    publish(item())
    publish(item(task_state=state))

    with pytest.raises(error):
        _guide()
    with unit_of_work() as session:
        assert queries.page(session, wanted=queries.Filter(), after=None, limit=10) == ([], None)


def test_a_secret_item_is_never_stored(database: None) -> None:
    done = publish(item(secret=True))

    assert done.withheld == 1
    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(ServiceItem)) == 0


def test_an_item_that_becomes_secret_leaves_the_public_and_may_come_back(database: None) -> None:
    publish(item())
    publish(item(secret=True, task_name="机密"))

    with pytest.raises(GuideNotFound):
        _guide()
    with unit_of_work() as session:
        assert session.scalars(select(ServiceItem.name)).one() == "不公开事项"
    publish(item())
    assert _guide().version == 2


def test_a_case_keeps_to_its_version_when_the_item_is_cancelled(database: None) -> None:
    publish(item())
    version_id = _guide().version_id
    publish(item(task_state="3"))

    with unit_of_work() as session:
        assert queries.guide_by_version(session, version_id=version_id).version == 1


def test_what_fails_half_way_is_not_kept(database: None) -> None:
    with pytest.raises(KeyError):
        publish(item(), {"task_code": "1" * 31})

    with pytest.raises(GuideNotFound):
        _guide()


def test_imports_at_the_same_time_number_versions_one_after_another(database: None) -> None:
    publish(item())
    in_threads(lambda days: publish(item(promise_day=days)), range(2, 6))

    with unit_of_work() as session:
        versions = session.scalars(select(GuideVersion.version).order_by(GuideVersion.version)).all()
    assert versions == [1, 2, 3, 4, 5]


def test_who_publishes_without_patience_waits_no_longer_than_for_any_lock(database: None) -> None:
    with turn_taken(), pytest.raises(OperationalError), unit_of_work() as session:
        session.execute(text("SET LOCAL lock_timeout = 50"))
        service.publish(session, items=[item()])


def test_an_import_waits_for_another_longer_than_a_citizen_would(database: None) -> None:
    begun = threading.Event()

    def hold() -> None:
        with unit_of_work() as session:
            service.take_turn(session)
            begun.set()
            time.sleep(0.3)

    def wait() -> None:
        begun.wait()
        with unit_of_work() as session:
            session.execute(text("SET LOCAL lock_timeout = 50"))
            service.wait_for_turn(session)
            service.publish(session, items=[item()])
            assert session.scalar(text("SHOW lock_timeout")) == "8s"

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda work: work(), (hold, wait)))
    assert _guide().version == 1


def test_without_the_lock_two_imports_want_the_same_number(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both read version 1 and write version 2; the database refuses the second."""
    publish(item())
    met, refused, known = threading.Barrier(2), [], service._known

    def known_to_both(*given: Any) -> Any:
        found = known(*given)
        met.wait()
        return found

    monkeypatch.setattr(service, "take_turn", lambda session: None)
    monkeypatch.setattr(service, "_known", known_to_both)

    def change(days: int) -> None:
        try:
            publish(item(promise_day=days))
        except IntegrityError as error:
            refused.append(error)

    in_threads(change, (2, 3))

    assert len(refused) == 1


def test_only_a_change_makes_a_new_generation(database: None) -> None:
    publish(item())
    first = generation.watch.number_alone()
    publish(item())
    assert generation.watch.number_alone() == first
    publish(item(promise_day=5))

    assert generation.watch.number_alone() != first
