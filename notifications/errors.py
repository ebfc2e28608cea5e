"""What can go wrong with sending a message once more (补发消息的错误)."""

from app.errors import Conflict, NotFound


class MessageNotFound(NotFound):
    """There is no such message, or it is about something else."""

    code = "message_not_found"
    message = "没有找到这条消息，请返回办件刷新后再试"


class NoTelephone(Conflict):
    """The reader has left no telephone number, or has closed the account."""

    code = "no_telephone"
    message = "收信人没有留手机号，发不了短信，请用其他方式告知"


class StillBeingSent(Conflict):
    """The last short message of it has not left yet."""

    code = "still_being_sent"
    message = "上一条短信还在发送，请过几分钟再看"


class JustSent(Conflict):
    """A short message of it left a few minutes ago."""

    code = "just_sent"
    message = "短信刚发过，同一条消息请隔10分钟再补发"


class SentOftenEnough(Conflict):
    """It was sent again as often as anybody may be bothered."""

    code = "sent_often_enough"
    message = "这条消息已经补发过{most}次，请改打电话或用其他方式告知"
