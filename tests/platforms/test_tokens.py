"""One access token for all threads and processes."""

import json
import threading
from collections.abc import Callable
from typing import TypeVar

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from platforms.errors import Busy
from platforms.tokens import AccessTokens, WeChatConfig, _Held
from tests.platforms.conftest import RawHost, Sandbox, http_answer
from tests.ports import free_port

FETCH = "wechat.stable_token"
T = TypeVar("T")


def at_once(number: int, work: Callable[[int], T]) -> list[T]:
    """Do the work in so many threads that begin together."""
    gate, done = threading.Barrier(number), {}

    def run(index: int) -> None:
        gate.wait(timeout=10)
        done[index] = work(index)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return [done[index] for index in sorted(done)]


def dead_redis() -> redis.Redis:
    return redis.Redis(host="127.0.0.1", port=free_port(), retry=Retry(NoBackoff(), 0))


def test_sixteen_processes_with_a_cold_redis_fetch_once(
    sandbox: Sandbox, mini_config: WeChatConfig, store: redis.Redis
) -> None:
    processes = [AccessTokens(store, mini_config) for _ in range(16)]
    tokens = at_once(16, lambda index: processes[index].get())
    assert len(tokens) == 16
    assert len(set(tokens)) == 1
    assert sandbox.calls(FETCH) == 1


def test_without_the_shared_store_each_process_fetches(sandbox: Sandbox, mini_config: WeChatConfig) -> None:
    processes = [AccessTokens(None, mini_config) for _ in range(16)]
    assert len(set(at_once(16, lambda index: processes[index].get()))) == 1
    assert sandbox.calls(FETCH) == 16, "the herd that the lock keeps in"


def test_sixteen_threads_of_one_process_fetch_once(sandbox: Sandbox, mini_config: WeChatConfig) -> None:
    tokens = AccessTokens(None, mini_config)
    assert len(set(at_once(16, lambda _: tokens.get()))) == 1
    assert sandbox.calls(FETCH) == 1


def test_redis_down_means_a_copy_in_this_process(sandbox: Sandbox, mini_config: WeChatConfig) -> None:
    tokens = AccessTokens(dead_redis(), mini_config)
    assert tokens.get() == tokens.get()
    assert sandbox.calls(FETCH) == 1


def test_a_refused_token_is_replaced_once_for_all(
    sandbox: Sandbox, mini_config: WeChatConfig, store: redis.Redis
) -> None:
    processes = [AccessTokens(store, mini_config) for _ in range(8)]
    stale = processes[0].get()
    fresh = at_once(8, lambda index: processes[index].refresh(stale))
    assert len(set(fresh)) == 1
    assert stale not in fresh
    # the normal fetch gave the stale one again, so one force followed
    assert sandbox.calls(FETCH) == 3


def test_forcing_is_rationed(sandbox: Sandbox, mini_config: WeChatConfig, store: redis.Redis) -> None:
    tokens = AccessTokens(store, mini_config)
    second = tokens.refresh(tokens.get())
    with pytest.raises(Busy) as refused:
        tokens.refresh(second)
    assert refused.value.platform_code == "token_refused"


def test_the_stored_token_ends_with_its_life(mini_config: WeChatConfig, store: redis.Redis) -> None:
    AccessTokens(store, mini_config).get()
    (key,) = store.keys("wechat:token:*")
    assert 7000 < store.ttl(key) <= 7200


def test_a_slow_fetcher_does_not_overwrite_a_later_one(
    mini_config: WeChatConfig, store: redis.Redis, raw_host: Callable[..., RawHost]
) -> None:
    answer = http_answer(json.dumps({"access_token": "OLD", "expires_in": 7200}).encode())
    slow = AccessTokens(store, WeChatConfig(raw_host(b"", answer, pause=0.5).url, mini_config.appid, "s"))
    thread = threading.Thread(target=slow.get)
    thread.start()
    while not store.exists(f"wechat:token:{mini_config.appid}:lock"):
        pass
    store.set(f"wechat:token:{mini_config.appid}", "NEW", px=7_000_000)
    store.set(f"wechat:token:{mini_config.appid}:lock", "somebody else's")
    thread.join(timeout=10)
    assert store.get(f"wechat:token:{mini_config.appid}") == b"NEW"


@pytest.mark.parametrize(
    "kind", ["http_500", "http_429", "html", "empty", "truncated", "reset", "-1", "45009"]
)
def test_no_token_is_busy_whatever_the_reason(sandbox: Sandbox, mini_config: WeChatConfig, kind: str) -> None:
    sandbox.fault(FETCH, kind)
    with pytest.raises(Busy):
        AccessTokens(None, mini_config).get()
    assert AccessTokens(None, mini_config).get()


def test_a_wrong_secret_is_busy_and_named(mini_config: WeChatConfig) -> None:
    wrong = WeChatConfig(mini_config.api_url, mini_config.appid, "a-wrong-secret", (1, 1))
    with pytest.raises(Busy) as refused:
        AccessTokens(None, wrong).get()
    assert refused.value.platform_code == "40125"
    assert "a-wrong-secret" not in str(refused.value)


def test_a_renewal_that_fails_leaves_the_living_token_in_use(
    sandbox: Sandbox, mini_config: WeChatConfig
) -> None:
    tokens = AccessTokens(None, mini_config)
    first = tokens.get()
    tokens._held = _Held(first, renew_at=0, dead_at=float("inf"))
    sandbox.fault(FETCH, "http_500")
    assert tokens.get() == first


def test_a_failed_fetch_lets_the_next_one_try_at_once(
    sandbox: Sandbox, mini_config: WeChatConfig, store: redis.Redis
) -> None:
    sandbox.fault(FETCH, "http_500")
    tokens = AccessTokens(store, mini_config)
    with pytest.raises(Busy):
        tokens.get()
    assert tokens.get()
    assert sandbox.calls(FETCH) == 2


def test_threads_that_waited_for_a_failing_fetch_share_its_failure(
    mini_config: WeChatConfig, raw_host: Callable[..., RawHost]
) -> None:
    host = raw_host(b"", http_answer(b"", status="502 Bad Gateway"), pause=0.5)
    tokens = AccessTokens(None, WeChatConfig(host.url, mini_config.appid, "s", (1, 2)))

    def ask(_: int) -> type[Exception]:
        with pytest.raises(Busy) as refused:
            tokens.get()
        return refused.type

    assert at_once(16, ask) == [Busy] * 16
    assert len(host.heard) <= 2, "not sixteen times in turn"
