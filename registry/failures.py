"""Writing down that the registry did not do what it was asked (登记系统没有答复)."""

import logging

from platforms.errors import PlatformError

log = logging.getLogger(__name__)


def note(error: PlatformError) -> None:
    """Log a failed question, masked; whoever asked decides what follows."""
    log.warning(
        "platform_failed",
        extra={
            "platform": error.platform,
            "operation": error.operation,
            "answer": error.platform_code,
            "detail": error.detail,
        },
    )
