"""What can go wrong on a guide's way to the public (指南发布)."""

from app.errors import Conflict, Forbidden, Invalid, NotFound


class DraftNotFound(NotFound):
    """There is no such draft, or it is another department's."""

    code = "draft_not_found"
    message = "没有找到这份草稿，可能已经发布或作废，请回到“指南草稿”里看看"


class DraftExists(Conflict):
    """Somebody has begun to change this item already."""

    code = "draft_exists"
    message = "这个事项已有一份没发布的草稿，请在那份草稿里接着改"


class ItemExists(Conflict):
    """A new item was begun under a code that is taken."""

    code = "item_exists"
    message = "这个实施编码已有事项，请打开那个事项再修改"


class OrganisationForeign(Forbidden):
    """A new item was begun under the code of another department's organisation."""

    code = "organisation_foreign"
    message = "实施编码开头的机构代码不是您部门的，请核对；确实要用这个代码，请督导的同事来新增"


class PatternNotFound(Invalid):
    """The item that a new one should be a copy of is not there."""

    code = "pattern_not_found"
    message = "没有找到要照着写的那个事项，请核对它的实施编码；想从空白开始，就把这一栏留空"


class DraftMoved(Conflict):
    """Somebody saved the draft after this clerk had opened it."""

    code = "draft_moved"
    message = "刚才有同事也保存了这份草稿，您写的还在页面上；请对照最新内容再保存一次"


class DraftNotThere(Conflict):
    """The draft is not in the state in which this can be done."""

    code = "draft_not_there"
    message = "这份草稿现在是“{state}”，不能这样操作，请刷新后再看"


class DraftBroken(Invalid):
    """The draft breaks rules; each is named with its place."""

    code = "draft_broken"
    message = "有{count}处不合规则，请先改好，逐条见下面"


class DraftTooLarge(Invalid):
    """The draft is larger than any guide is."""

    code = "draft_too_large"
    message = "内容太多，存不下，请把长文字放进附件或分开写"


class DraftUnstorable(Invalid):
    """The draft holds half a character, a number beyond 64 bits or a nest without end."""

    code = "draft_unstorable"
    message = "“{where}”里有存不下的文字或数字，请重新输入这一处"


class NothingChanged(Invalid):
    """The draft is what is public already."""

    code = "nothing_changed"
    message = "草稿和现在公开的内容一样，不用发布"


class ReasonMissing(Invalid):
    """Nobody said what is changed and why."""

    code = "draft_reason_missing"
    message = "请写一句改了什么、为什么改，审核的同事和以后查的人都要看"


class BaseMoved(Conflict):
    """Another version was published after the draft had begun."""

    code = "draft_base_moved"
    message = "起草以后这个事项又发布了新版本，请先并入新版本，再继续"


class SecondPersonNeeded(Forbidden):
    """Whoever wrote in a draft may not release it."""

    code = "second_person_needed"
    message = "您写过这份草稿，要由另一位同事审核"


class CodeFixed(Invalid):
    """The code of an item that exists cannot be changed."""

    code = "task_code_fixed"
    message = "已有事项的实施编码不能改；换编码请新建事项，并在原事项里写明由哪个事项代替"
