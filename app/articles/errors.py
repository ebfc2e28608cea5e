"""What can go wrong with articles (政策解读)."""

from app.errors import Conflict, Invalid, NotFound


class ArticleNotFound(NotFound):
    """There is no such article, or it is not published yet."""

    code = "article_not_found"
    message = "没有找到这篇解读，请从解读列表中重新选择"


class ArticleInvalid(Invalid):
    """An article cannot be stored; `where` names it, `why` says what to mend."""

    code = "article_invalid"
    message = "解读“{where}”有误：{why}"


class ArticleNotThere(NotFound):
    """The desk asks for an article that does not exist."""

    code = "article_not_there"
    message = "没有这篇解读，请回到列表重新打开"


class ArticleMoved(Conflict):
    """Somebody else wrote, published or withdrew it since it was opened."""

    code = "article_moved"
    message = "这篇解读刚被别人改过，请先看最新内容再操作"


class OwnArticle(Conflict):
    """Whoever wrote an article last does not let it out."""

    code = "own_article"
    message = "这篇是您自己写的，请另一位同事核对后发布"
