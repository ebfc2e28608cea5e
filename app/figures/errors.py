"""What can go wrong with the promised numbers (承诺指标)."""

from app.errors import Conflict, Invalid


class AlreadyFrozen(Conflict):
    """There is a baseline, and a second one would make the reduction look smaller or larger than it is."""

    code = "baseline_already_frozen"
    message = "{frozen_on}已经定过基数；确需重新确定，请明确要求重定，原来的基数会留存备查"


class ExplanationUnfit(Invalid):
    """An explanation says nothing, or too much."""

    code = "explanation_unfit"
    message = "请写明原因，至少五个字，最多五百字"


class AlreadyExplained(Conflict):
    """This clerk has explained it before."""

    code = "already_explained"
    message = "您已经说明过了，请刷新后查看"
