"""What can go wrong with articles (政策解读)."""

from app.errors import Invalid, NotFound


class ArticleNotFound(NotFound):
    """There is no such article, or it is not published yet."""

    code = "article_not_found"
    message = "没有找到这篇解读，请从解读列表中重新选择"


class ArticleInvalid(Invalid):
    """An article cannot be stored; `where` names it, `why` says what to mend."""

    code = "article_invalid"
    message = "解读“{where}”有误：{why}"
