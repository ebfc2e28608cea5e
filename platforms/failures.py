"""Writing down that a platform did not do what it was asked (平台调用失败)."""

import logging

from platforms.errors import PlatformError

log = logging.getLogger(__name__)


def note(error: PlatformError) -> None:
    """Log a failed call, masked; whoever called decides what follows."""
    log.warning(
        "platform_failed",
        extra={
            "platform": error.platform,
            "operation": error.operation,
            "answer": error.platform_code,
            "detail": error.detail,
        },
    )
