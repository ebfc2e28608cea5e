"""What can go wrong with names of enterprises (企业名称)."""

from app.errors import Conflict, Invalid, NotFound, TooMany, Unavailable


class NameMalformed(Invalid):
    """No enterprise can be called this; `errors` say what to change."""

    code = "name_malformed"
    message = "这个名称不能用，请按提示修改后再查"


class NameNotAllowed(Invalid):
    """The name holds words that are not allowed; `errors` list them with the reason."""

    code = "name_not_allowed"
    message = "名称里有不能用的字词，请换一个再查"


class NameTaken(Conflict):
    """Somebody else has the name, or has reserved it."""

    code = "name_taken"
    message = "“{name}”已经被别人用了或者留着，请换一个名称再查"


class RegistryNumberTaken(Conflict):
    """The registry answered with a number under which it keeps another name; the outcome stays unknown."""

    code = "registry_number_taken"
    message = "登记系统给的编号和另一个名称重了，系统会继续核对，请过一会儿到“企业名称”里看结果，不用再申报"


class TooManyNames(Conflict):
    """A citizen reserves as many names as one may."""

    code = "too_many_names"
    message = "一个人最多同时保留{most}个名称，请先用已保留的名称办理登记"


class NameCheckedTooOften(TooMany):
    """Names are looked up too often."""

    code = "name_checked_too_often"
    message = "查得太频繁了，请过几分钟再查"


class ReservationNotFound(NotFound):
    """There is no such reservation, or it is somebody else's."""

    code = "reservation_not_found"
    message = "没有找到这次名称申报，请到“企业名称”里查看"


class RegistryAway(Unavailable):
    """The registry does not answer."""

    code = "registry_away"
    message = "市场监管登记系统暂时没有回应，请稍后再试"


class RegistryNotJoined(Unavailable):
    """This city's names are not looked up here."""

    code = "registry_not_joined"
    message = "本市还没有开通网上名称查重，请到市场监管窗口查询"
