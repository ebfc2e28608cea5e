"""Work that waits for the virtual clock."""

from datetime import UTC, datetime, timedelta

from sandbox.timers import Clock, Timers


def test_nothing_runs_before_its_moment() -> None:
    clock, ran = Clock(), []
    timers = Timers(clock)
    timers.after(60, lambda: ran.append("late"))
    timers.after(0, lambda: ran.append("now"))
    assert timers.settle()
    assert ran == ["now"]
    clock.advance(61)
    assert timers.settle()
    assert ran == ["now", "late"]


def test_one_large_step_walks_a_whole_ladder() -> None:
    clock = Clock()
    timers, rungs = Timers(clock), []

    def climb(due: datetime) -> None:
        rungs.append(due)
        if len(rungs) < 5:
            following = due + timedelta(hours=1)
            timers.at(following, lambda: climb(following))

    begin = clock.now()
    timers.at(begin, lambda: climb(begin))
    clock.advance(5 * 3600)
    assert timers.settle()
    assert [rung - begin for rung in rungs] == [timedelta(hours=number) for number in range(5)]


def test_a_hanging_function_delays_nobody_else() -> None:
    clock, ran = Clock(), []
    timers = Timers(clock)
    timers.after(0, lambda: timers.settle(within=0.5))
    timers.after(0, lambda: ran.append("other"))
    assert not timers.settle(within=0.2)
    assert ran == ["other"]
    assert timers.settle()


def test_forgotten_timers_never_run() -> None:
    clock, ran = Clock(), []
    timers = Timers(clock)
    timers.after(10, lambda: ran.append("gone"))
    timers.clear()
    clock.advance(11)
    assert timers.settle()
    assert ran == []


def test_the_clock_can_be_set_and_skewed() -> None:
    clock = Clock()
    clock.set(datetime(2026, 3, 2, tzinfo=UTC))
    assert clock.now().date().isoformat() == "2026-03-02"
    now = clock.wire().timestamp()
    assert clock.is_fresh(now, 1)
    assert clock.is_fresh(clock.now().timestamp(), 1)
    clock.set_skew(660)
    assert not clock.is_fresh(now, 300)
