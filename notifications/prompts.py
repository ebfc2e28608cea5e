"""What the phone asks to be allowed to send (订阅提醒): which template, in whose words, at which moment.

The platforms' prompt may only follow a tap, so each template names the taps that ask for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.people.models import Platform
from app.settings import Settings
from notifications.drafts import (
    APPOINTMENT_BOOKED,
    CASE_PROGRESS,
    CERTIFICATE_READY,
    PAYMENT_RESULT,
    VISIT_NOTICE,
)

SUBMIT, BOOK, QUEUE, PAY = "submit", "book", "queue", "pay"
SCENES = (SUBMIT, BOOK, QUEUE, PAY)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One template with its title, and the taps (交申请、预约、取号、缴费) before which the phone asks."""

    key: str
    title: str
    scenes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """A prompt that this city has a template for at a platform."""

    key: str
    title: str
    scenes: tuple[str, ...]
    template_id: str


PROMPTS = (
    Prompt(CASE_PROGRESS, "办件进度提醒", (SUBMIT, PAY)),
    Prompt(CERTIFICATE_READY, "证照可领取通知", (SUBMIT,)),
    Prompt(APPOINTMENT_BOOKED, "预约成功通知", (BOOK,)),
    Prompt(VISIT_NOTICE, "到厅办事提醒", (BOOK, QUEUE)),
    Prompt(PAYMENT_RESULT, "缴费结果通知", (PAY,)),
)


def offered(settings: Settings) -> dict[str, list[Offered]]:
    """By platform, what its phones may be asked for; a template without an id is not asked for."""
    ids: Mapping[str, Mapping[str, str]] = {
        Platform.WECHAT.value: settings.wechat.templates,
        Platform.ALIPAY.value: settings.alipay.templates,
    }
    return {
        platform: [
            Offered(prompt.key, prompt.title, prompt.scenes, known[prompt.key])
            for prompt in PROMPTS
            if known.get(prompt.key)
        ]
        for platform, known in ids.items()
    }
