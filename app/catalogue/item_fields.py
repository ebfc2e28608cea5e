"""The one table of an item's fields (事项要素): checks, JSON Schema and Excel sheets are made from it.

Names are those of the national exchange tables where these have one; `label` is what a clerk reads.
"""

from collections.abc import Iterator

from app.catalogue import codes
from app.catalogue.field_kinds import Field, Kind, code, flag, group, rows, text, texts, whole
from app.catalogue.item_parts import (
    BASIS,
    DAYS,
    FEE,
    FLOW,
    FOLLOWING,
    INTERMEDIARY,
    MATERIAL,
    OPINION,
    PROMISE,
    QUESTION,
    SPECIAL,
    VISIT_POINT,
)

_VISITS = 9
_TOLERANT_DAYS = 60
_TELLING_DAYS = 30
_PRECHECK_DAYS = 10


def _remark(name: str, label: str, **more: object) -> Field:
    return text(name, label, nullable=True, **more)


def _words_of(name: str, label: str) -> Field:
    return _remark(f"{name}_text", f"{label}（文字）", derived=True)


def _appeal(name: str, label: str) -> Field:
    return group(
        name,
        label,
        text("name", "名称", needed=True, fewest=2, longest=200),
        text("address", "地址", longest=400),
        text("phone", "电话", longest=64),
        text("url", "网址", longest=500),
        nullable=True,
    )


FIELDS: tuple[Field, ...] = (
    text("task_code", "实施编码", needed=True, fewest=31, longest=33, note="31位，或带业务办理项的33位"),
    text("catalog_code", "基本编码", needed=True, longest=12),
    text("task_name", "事项名称", needed=True, fewest=2, longest=200),
    text("local_task_code", "地方实施编码", longest=64),
    text("local_catalog_code", "地方基本编码", longest=64),
    texts("task_handle_items", "业务办理项编码"),
    text("item_key", "事项代号", longest=64, nullable=True),
    whole("task_version", "事项版本", 10**6),
    code("task_state", "事项状态", codes.TASK_STATES),
    code("task_type", "事项类型", codes.TASK_TYPES, needed=True),
    _words_of("task_type", "事项类型"),
    code("use_level", "行使层级", codes.USE_LEVELS, needed=True),
    _words_of("use_level", "行使层级"),
    text("region_code", "行政区划代码", longest=12),
    text("region_name", "行政区划", longest=100),
    text("dept_code", "实施主体编码", needed=True, fewest=18, longest=18, note="统一社会信用代码"),
    text("dept_code_explain", "主体编码说明", longest=400, note="校验位确实不合规则时，写明是谁赋的码"),
    text("dept_name", "实施主体", needed=True, fewest=2, longest=100),
    text("dept_short", "实施主体简称", longest=50),
    code("dept_type", "实施主体性质", codes.DEPT_TYPES),
    text("original_dept_name", "原实施部门", longest=100, note="由审批局集中办理时，写职能所属部门"),
    text("entrust_name", "委托部门", longest=100),
    text("other_dept", "联办机构", longest=400),
    code("power_source", "权力来源", codes.POWER_SOURCES),
    text("by_law", "设定依据（全文）"),
    text("theme", "主题", fewest=1, longest=64),
    texts("user_topic_type", "面向自然人主题分类"),
    texts("corp_topic_type", "面向法人主题分类"),
    text("provenance", "来源", fewest=1, longest=64),
    texts("server_type", "服务对象", needed=True, fewest=1, words=codes.SERVER_TYPES),
    code("project_type", "办件类型", codes.PROJECT_TYPES, needed=True),
    _words_of("project_type", "办件类型"),
    whole("anticipate_day", "法定时限", DAYS, needed=True, rule="elements"),
    code("anticipate_unit", "法定时限单位", codes.LIMIT_UNITS, needed=True),
    _remark("anticipate_explain", "法定时限说明", blank=""),
    whole("promise_day", "承诺时限", DAYS, needed=True, rule="elements"),
    code("promise_unit", "承诺时限单位", codes.LIMIT_UNITS, needed=True),
    _remark("promise_explain", "承诺时限说明"),
    whole(
        "telling_days",
        "补正告知期限（工作日）",
        _TELLING_DAYS,
        nullable=True,
        note="收到申请后几个工作日内一次告知；不填就是3个，法律另有规定的才多写",
    ),
    text("telling_basis", "补正告知期限的依据", longest=400, nullable=True),
    whole("limit_scene_num", "到现场次数", _VISITS, needed=True),
    _remark("limit_scene_explain", "必须到现场的原因", blank=""),
    text("limit_explain", "数量限制", longest=1000),
    texts("handle_type", "办理形式", needed=True, fewest=1, words=codes.HANDLE_TYPES),
    whole("online_handle_depth", "网上办理深度", 4, needed=True),
    _words_of("online_handle_depth", "网上办理深度"),
    flag("is_online", "可网上办"),
    text("online_handle_url", "电脑端办理地址", longest=500),
    text("mobile_terminal_url", "移动端办理地址", longest=500),
    flag("is_single_login", "电脑端单点登录"),
    flag("app_is_single_login", "移动端单点登录"),
    code("handle_area", "通办范围", codes.HANDLE_AREAS),
    _words_of("handle_area", "通办范围"),
    flag("cross_province", "跨省通办"),
    text("collecting_place", "收件地", longest=200, note="跨省、省内通办的事项，写明在哪里交材料"),
    text("deciding_place", "决定地", longest=200, note="跨省、省内通办的事项，写明由哪里审批"),
    group(
        "four_ban",
        "四办",
        flag("mashang", "马上办", needed=True, ours=True),
        flag("wangshang", "网上办", needed=True, ours=True),
        flag("jiujin", "就近办", needed=True, ours=True),
        flag("yici", "一次办", needed=True, ours=True),
        needed=True,
    ),
    flag("is_entry_center", "进驻大厅"),
    flag("is_schedule", "可预约"),
    _remark("schedule_explain", "不能预约的原因"),
    whole("schedule_num", "每天可约数", 10**6),
    text("schedule_rule", "预约规则", longest=1000),
    flag("is_service_terminals", "可自助终端办"),
    whole(
        "precheck_days",
        "网上预审（几个工作日内答复）",
        _PRECHECK_DAYS,
        nullable=True,
        note="要到窗口核对原件的，让申请人先在网上请工作人员看材料；不填就是不提供",
    ),
    flag("is_express", "可快递"),
    flag("is_mail_material", "材料可邮寄"),
    flag("is_mail_result", "结果可邮寄"),
    code("retention", "归档保管期限", codes.RETENTIONS),
    flag("is_fee", "收费"),
    flag("is_pay_online", "可网上支付"),
    _remark("fee_basis", "收费依据", blank=""),
    flag("notify_commit", "告知承诺"),
    code("promise_bar", "不适用告知承诺的情形", codes.PROMISE_BARS),
    flag("tolerant_accept", "容缺受理"),
    whole(
        "tolerant_days",
        "容缺补交期限（工作日）",
        _TOLERANT_DAYS,
        nullable=True,
        note="受理后几个工作日内补交，要短于承诺时限",
    ),
    flag("auto_enjoy", "免申即享"),
    flag("elder_focus", "老年人常办"),
    texts("plain_names", "通俗叫法", fewest=1),
    texts("keywords", "关键词"),
    texts("accept_condition", "受理条件", needed=True, fewest=1, blank=[], rule="elements"),
    texts("common_mistakes", "常见错误", needed=True, fewest=1, blank=[], rule="mistakes"),
    rows("materials", "材料", *MATERIAL, needed=True, rule="elements"),
    rows("promises", "告知承诺书", *PROMISE),
    text("no_material_explain", "不用材料的原因", longest=400),
    rows("fees", "收费", *FEE),
    rows("handle_flow", "流程", *FLOW, needed=True, fewest=3, rule="elements"),
    rows("faqs", "常见问题", *QUESTION),
    rows("legal_basis", "依据", *BASIS, needed=True, fewest=1, rule="basis"),
    rows("special_procedure", "特别程序", *SPECIAL),
    rows("joint_opinions", "征求意见的部门", *OPINION),
    rows("visit_points", "现场核查要点", *VISIT_POINT),
    text("home_visit", "上门服务（为谁、上门做什么）", longest=400, blank=""),
    rows("intermediary_service", "中介服务", *INTERMEDIARY),
    rows("licences_after", "办成后还要办的许可", *FOLLOWING),
    group(
        "supervisor",
        "监管部门（办成后由谁监管）",
        text("dept_name", "部门", needed=True, fewest=2, longest=100),
        text("dept_code", "部门编码", needed=True, fewest=18, longest=18, note="统一社会信用代码"),
        nullable=True,
    ),
    group(
        "result",
        "结果",
        code("result_type", "类型", codes.RESULT_TYPES),
        text("result_name", "名称", longest=200),
        texts("delivery", "领取方式"),
        whole("postage_city_fen", "本市邮费", 10**5),
        whole("postage_elsewhere_fen", "外地邮费", 10**5),
        text("result_guid", "样本", longest=256),
        nullable=True,
    ),
    group(
        "delegation",
        "代办",
        code("who", "谁能办", codes.DELEGATIONS),
        flag("allowed", "可代办"),
        flag("online", "可在线授权代办", blank=False),
        text("text", "说明", longest=1000),
        texts("bring", "代办人带什么", blank=[]),
        rule="delegation",
    ),
    text(
        "co_signer",
        "共同申请人",
        longest=32,
        nullable=True,
        note="要第二个人签名才能申请的，写明是谁，如：配偶、共有人",
    ),
    group(
        "citizen_deadline",
        "申请人期限",
        whole("days", "天数", DAYS),
        code("unit", "单位", codes.LIMIT_UNITS),
        text("text", "说明", longest=400),
        nullable=True,
    ),
    texts("transact_centers", "办理大厅"),
    text("window_group", "窗口类别", nullable=True),
    _remark("transact_addr", "办理地点"),
    _remark("transact_time", "办理时间"),
    text("traffic_guide", "交通指引", longest=1000),
    text("consult_phone", "咨询电话", needed=True, fewest=3, longest=64),
    text("complain_phone", "监督投诉电话", needed=True, fewest=3, longest=64),
    text("link_way", "其他咨询方式", longest=400),
    text("supervise_way", "其他监督方式", longest=400),
    _appeal("reconsideration", "行政复议"),
    _appeal("litigation", "行政诉讼"),
    text("rights_and_duties", "申请人权利和义务"),
    text("plan_effective_date", "计划生效日期", date=True, longest=10, nullable=True),
    text("plan_cancel_date", "计划取消日期", date=True, longest=10, nullable=True),
    text("successor_code", "替代事项编码", longest=33, nullable=True, note="取消的事项，写明改办哪个事项"),
    text("last_reviewed", "最近核对", date=True, longest=10),
    flag("sample_form", "有样表"),
    flag("blank_form", "有空白表"),
    flag("is_standard", "本市标准事项"),
    group(
        "unified_reasons",
        "不统一的理由",
        text("name", "名称", longest=400),
        text("code", "编码", longest=400),
        text("basis", "依据", longest=400),
        text("conditions", "条件", longest=400),
        text("materials", "材料", longest=400),
        text("limit", "时限", longest=400),
    ),
    flag("secret", "涉密"),
)
BY_NAME = {field.name: field for field in FIELDS}
# Not demanded, but a guide is poorer without it.
WANTED = ("plain_names", "theme", "last_reviewed")


def label_of(path: str) -> str:
    """What a clerk calls a field by its path: `materials[1].is_need` → 材料第2行·必要性."""
    said: list[str] = []
    fields = BY_NAME
    for step in path.split("."):
        name, _, place = step.partition("[")
        field = fields.get(name)
        if field is None:
            return "·".join([*said, step])
        number = place.removesuffix("]")
        said.append(f"{field.label}第{int(number) + 1}行" if number.isdecimal() else field.label)
        fields = {part.name: part for part in field.parts}
    return "·".join(said)


def tables() -> Iterator[Field]:
    """The fields that are tables of their own."""
    return (field for field in FIELDS if field.kind is Kind.ROWS)
