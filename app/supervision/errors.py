"""What can go wrong in supervision (电子监察的错误)."""

from app.errors import Conflict, Invalid, NotFound


class TicketNotFound(NotFound):
    """There is no such ticket."""

    code = "supervision_ticket_not_found"
    message = "没有找到这条督办，请返回列表刷新"


class ExplanationUnfit(Invalid):
    """What was said is too short to understand anything by it, or too long."""

    code = "supervision_words_unfit"
    message = "请写明情况，至少五个字，最多五百字"


class NothingToExplain(Conflict):
    """The limit of the case is neither over nor nearly over."""

    code = "nothing_to_explain"
    message = "这个办件没有超期，也没有红色预警，不用说明"


class AlreadyExplained(Conflict):
    """Somebody has said why."""

    code = "supervision_already_explained"
    message = "这个办件的超期原因已经说明，请刷新后查看"


class TicketMoved(Conflict):
    """The ticket is not explained yet, or somebody has settled it."""

    code = "supervision_ticket_moved"
    message = "这条督办还没有说明，或者已经办结，请刷新后再看"


class PeriodUnfit(Invalid):
    """The days of an export are the wrong way round, or too many at once."""

    code = "supervision_period_unfit"
    message = "请选择起止日期，一次最多导出{most}天"
