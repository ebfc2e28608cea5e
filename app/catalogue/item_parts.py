"""The fields of what an item lists: materials, fees, steps, questions … (材料、收费、流程等子表要素)."""

from app.catalogue import codes
from app.catalogue.field_kinds import code, flag, text, texts, whole

DAYS = 3650
_COPIES = 99
_MUCH = 10**12

MATERIAL = (
    text(
        "material_code",
        "材料编码",
        needed=True,
        plain=True,
        fewest=1,
        longest=64,
        note="字母、数字、点和横线",
    ),
    whole("order_num", "序号", 9999, needed=True, ours=True),
    text("name", "材料名称", needed=True, fewest=1, longest=200, note="写清具体叫什么，不写“其他材料”"),
    code("is_need", "必要性", codes.MATERIAL_NEEDS, needed=True),
    code("source_type", "来源渠道", codes.MATERIAL_SOURCES, needed=True),
    text("source_explain", "来源渠道说明", longest=500),
    code("material_type", "材料类型", codes.MATERIAL_TYPES, needed=True),
    code("material_form", "材料形式", codes.MATERIAL_FORMS, needed=True, ours=True),
    whole("original_num", "原件份数", _COPIES, needed=True, ours=True),
    whole("copy_num", "复印件份数", _COPIES, needed=True, ours=True),
    flag("exempt_submit", "免提交", needed=True, ours=True, note="能从电子证照库取到的填“是”"),
    text("license_key", "电子证照代号", longest=64, nullable=True, blank=None),
    flag("photo_upload", "可拍照上传"),
    flag("commit_replace", "可承诺代替"),
    text("fill_note", "填报须知", nullable=True, blank=""),
    text("accept_stand", "受理标准", longest=2000),
    text("page_format", "纸质规格", longest=200, blank=""),
    text("by_law", "要求提供的依据", longest=2000),
    code("proof_reason", "证明理由", codes.PROOF_REASONS, note="要申请人交证明时必填；五类证明一律取消"),
    text("form_guid", "空白表格标识", longest=256, note="国家清单里的文件编号"),
    text("example_guid", "示例样表标识", longest=256, note="国家清单里的文件编号"),
    text("blank_file", "空白表文件", digest=True, longest=64, note="上传文件后得到的SHA-256校验值"),
    text("sample_file", "样本文件", digest=True, longest=64, note="上传文件后得到的SHA-256校验值"),
    text("one_of", "任选其一组", longest=64, nullable=True, note="同一组的材料交一份就行"),
    text("remark", "备注", longest=1000),
)
PROMISE = (
    text(
        "material_code",
        "代替的材料编码",
        needed=True,
        plain=True,
        fewest=1,
        longest=64,
        note="可承诺代替的材料",
    ),
    code("kind", "承诺书种类", codes.PROMISE_KINDS, needed=True),
    text("basis", "告知：依据", needed=True, fewest=4, longest=1000),
    text("conditions", "告知：应当符合的条件", needed=True, fewest=4, longest=2000),
    text("standard", "告知：要求和核查方式", longest=2000, blank="", note="住所申报承诺可以不填"),
    text("consequences", "告知：不实承诺的后果", needed=True, fewest=4, longest=1000),
    text("promised", "申请人承诺的内容", longest=2000, blank="", note="住所申报承诺可以不填"),
    whole("check_days", "决定后几个工作日内核查", 250, needed=True),
    whole(
        "valid_days",
        "承诺有效期（天）",
        DAYS,
        nullable=True,
        blank=None,
        note="不填的，在这次办理的结果有效期内有效",
    ),
    flag("revocable", "不实的依法撤销决定"),
)
FEE = (
    text("fee_code", "收费编码", needed=True, plain=True, fewest=1, longest=64),
    text("fee_name", "收费项目", needed=True, rule="fee", fewest=1, longest=200),
    text("fee_stand", "收费标准", longest=256, note="按文件上的写法，如10元/证"),
    whole(
        "amount_fen",
        "金额（分）",
        _MUCH,
        needed=True,
        nullable=True,
        rule="fen",
        blank=None,
        note="整数分；要核定才知道的留空",
    ),
    text("unit", "计费单位", needed=True, fewest=1, longest=64),
    text("by_law", "收费依据", longest=400),
    code("charge", "收取方式", codes.CHARGES),
    flag("is_desc", "可减免"),
    text("desc_explain", "减免依据", longest=400),
    text("note", "说明", longest=1000, blank=""),
)
FLOW = (
    whole("step", "步骤", 99),
    text("name", "环节", needed=True, fewest=1, longest=100),
    text("role", "办理人", longest=200),
    text("standard", "办理标准", longest=2000),
)
QUESTION = (
    text("question", "问题", needed=True, fewest=1, longest=1000),
    text("answer", "答案", needed=True, fewest=1),
)
BASIS = (
    text("law_name", "法律法规名称", needed=True, rule="basis", fewest=1, longest=400),
    text("clause", "条款号", longest=400),
    text("gist", "条款内容"),
)
SPECIAL = (
    text("name", "特别程序", needed=True, fewest=1, longest=100),
    text("kind", "种类", longest=32),
    whole("promise_days", "用时（天）", DAYS),
    text("unit", "用时单位", longest=16),
    whole("promise_workdays", "用时（工作日）", DAYS),
    flag("counted_in_limit", "计入时限"),
    text("note", "说明", longest=1000),
)
OPINION = (
    text("dept_name", "部门", needed=True, fewest=2, longest=100),
    text("dept_code", "部门编码", longest=64, blank="", note="统一社会信用代码"),
    text("subject", "请它审什么", needed=True, fewest=2, longest=400),
    whole("days", "几个工作日内回复", 99, needed=True),
    flag("silence_agrees", "到期不回复视为无异议"),
    text("law", "视为无异议的依据", longest=400, blank=""),
    texts("materials", "给它看的材料编码", blank=[], note="一行一个；不填的只看申请表"),
    text(
        "number_why",
        "为什么要看完整的证件号码",
        fewest=4,
        longest=200,
        blank="",
        note="要凭号码查本部门记录的才填，申请人会看到；不填的只看到首尾各一位",
    ),
)
VISIT_POINT = (
    text("dept_name", "部门", needed=True, fewest=2, longest=100),
    text("text", "核查什么", needed=True, fewest=2, longest=400),
    text("law", "依据", longest=400, blank=""),
)
FOLLOWING = (
    text("licence_code", "许可的实施编码", needed=True, fewest=31, longest=33),
    text("words", "经营范围里有哪些字才要办（用顿号分开，不填都要办）", longest=400, blank=""),
)
INTERMEDIARY = (
    text("name", "中介服务", needed=True, fewest=1, longest=200),
    text("by_law", "设定依据", longest=400, rule="intermediary", note="没有依据的不得要求申请人委托中介"),
    text("limit_explain", "服务时限", longest=200),
    text("fee_explain", "收费说明", longest=200),
    flag("mandatory", "必须委托"),
)
