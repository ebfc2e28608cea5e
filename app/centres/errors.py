"""What can go wrong with centres (大厅)."""

from app.errors import Invalid, NotFound


class CentreNotFound(NotFound):
    """There is no such centre."""

    code = "centre_not_found"
    message = "没有找到这个大厅，请从大厅列表中重新选择"


class CityNotLoaded(NotFound):
    """The city's rules have not been loaded yet."""

    code = "city_not_loaded"
    message = "大厅信息还在准备中，请稍后再试"


class CityDataInvalid(Invalid):
    """A document about centres or the calendar cannot be loaded; `where` and `why` name the place."""

    code = "city_data_invalid"
    message = "数据第“{where}”处有误：{why}，请改正后重新导入"
