"""What can go wrong when a citizen asks for their own data (我的数据相关错误)."""

from app.errors import TooMany


class TooManyExports(TooMany):
    """The whole file was asked for too often within a day."""

    code = "too_many_exports"
    message = "一天最多下载{most}次，请{hours}小时后再试"
