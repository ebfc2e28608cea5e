"""What can go wrong with bundles (一件事)."""

from app.errors import NotFound


class BundleNotFound(NotFound):
    """There is no such bundle."""

    code = "bundle_not_found"
    message = "没有找到这个“一件事”，请返回列表重新选择"


class BundleRefused(Exception):
    """A bundle cannot be stored as it is; the message names the bundle and what is wrong, for operators."""
