import dataclasses

import pytest

from app import settings
from notifications import prompts
from notifications.drafts import TEMPLATES
from sandbox.message_templates import TITLES

# What the platforms' own prompt shows at once at most, of the two the smaller number.
MOST_AT_ONCE = 3


def test_every_template_is_asked_for_at_some_tap() -> None:
    assert {prompt.key for prompt in prompts.PROMPTS} == set(TEMPLATES)
    assert all(prompt.scenes for prompt in prompts.PROMPTS)


def test_a_prompt_says_what_the_platform_says() -> None:
    assert {prompt.key: prompt.title for prompt in prompts.PROMPTS} == TITLES


@pytest.mark.parametrize("scene", prompts.SCENES)
def test_one_tap_asks_for_no_more_than_a_prompt_can_show(scene: str) -> None:
    asked = [prompt for prompt in prompts.PROMPTS if scene in prompt.scenes]

    assert 1 <= len(asked) <= MOST_AT_ONCE


@pytest.mark.usefixtures("app")
def test_a_template_that_the_city_has_not_ordered_is_not_asked_for() -> None:
    found = settings.current()
    few = dataclasses.replace(found.wechat, templates={"case_progress": "an id", "payment_result": ""})

    offered = prompts.offered(dataclasses.replace(found, wechat=few))

    assert [(one.key, one.template_id) for one in offered["wechat"]] == [("case_progress", "an id")]
    assert len(offered["alipay"]) == len(TEMPLATES)
