"""What can go wrong with a consent (单独同意的错误)."""

from app.errors import Conflict, NotFound


class ConsentTextChanged(Conflict):
    """The words that the citizen read are no longer those that are asked with."""

    code = "consent_text_changed"
    message = "说明有更新，请看过新的说明再同意"


class ConsentUnknown(NotFound):
    """Nothing of this name is asked for."""

    code = "consent_unknown"
    message = "没有这一项同意，请返回重新选择"
