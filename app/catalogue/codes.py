"""Codes of the national implementation list and of organisations (事项编码、统一社会信用代码)."""

import re

# GB 32100: 31 characters, without I, O, S, V and Z.
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_USCC_LENGTH = 18
_TASK_CODE = re.compile(r"([0-9A-Z]{18})([1-7])([0-9A-Z]{12})([0-9A-Z]{2})?")

_STANDARD = "GB/T 39046-2020, annex A"
_PLATFORM = "national platform list C0109, as it stands in public code"
_EXCHANGE = "national exchange tables (up_*, dn_*), as they stand in public code"
_OWN = "this project's own; national sources give the words but no digits"


class CodeList(dict[str, str]):
    """Code → word, with where the list comes from (代码表及出处); lists of two origins are never mixed."""

    def __init__(self, title: str, origin: str, words: dict[str, str]) -> None:
        super().__init__(words)
        self.title, self.origin = title, origin


TASK_TYPES = CodeList(
    "事项类型",
    f"{_STANDARD}.1",
    {
        "01": "行政许可",
        "02": "行政处罚",
        "03": "行政强制",
        "04": "行政征收",
        "05": "行政给付",
        "06": "行政检查",
        "07": "行政确认",
        "08": "行政奖励",
        "09": "行政裁决",
        "10": "其他类别事项",
        "20": "公共服务事项",
    },
)
USE_LEVELS = CodeList(
    "行使层级",
    f"{_STANDARD}.2",
    {
        "1": "国家级",
        "2": "省级",
        "3": "市级",
        "4": "县级",
        "5": "镇（乡、街道）级",
        "6": "村（社区）级",
        "7": "分级管理",
    },
)
DEPT_TYPES = CodeList(
    "实施主体性质", f"{_STANDARD}.3", {"1": "法定机关", "2": "授权组织", "3": "受委托组织", "9": "其他"}
)
# GB/T 39046 A.4 gives 5 and 6 other meanings: SERVER_TYPES_OF_THE_STANDARD is only for mappings.
SERVER_TYPES = CodeList(
    "服务对象",
    _PLATFORM,
    {
        "1": "自然人",
        "2": "企业法人",
        "3": "事业法人",
        "4": "社会组织法人",
        "5": "非法人企业",
        "6": "行政机关",
        "9": "其他组织",
    },
)
SERVER_TYPES_OF_THE_STANDARD = CodeList(
    "服务对象（国标）",
    f"{_STANDARD}.4",
    {"1": "自然人", "2": "企业法人", "3": "事业法人", "4": "社会组织法人", "5": "行政机关", "6": "其他组织"},
)
HANDLE_TYPES = CodeList(
    "办理形式",
    f"{_STANDARD}.5",
    {
        "1": "窗口办理",
        "2": "电脑端网上办理",
        "3": "移动端网上申请",
        "4": "快递申请",
        "9": "其他",
    },
)
PROJECT_TYPES = CodeList("办件类型", f"{_STANDARD}.6", {"1": "即办件", "2": "承诺件", "9": "其他"})
POWER_SOURCES = CodeList(
    "权力来源",
    _EXCHANGE,
    {
        "1": "法定本级行使",
        "2": "上级下放",
        "3": "上级授权",
        "4": "同级授权",
        "5": "上级委托",
        "6": "同级委托",
    },
)
TASK_STATES = CodeList("事项状态", _EXCHANGE, {"1": "在用", "2": "挂起", "3": "取消", "4": "草稿"})
MATERIAL_NEEDS = CodeList("材料必要性", _EXCHANGE, {"1": "必要", "2": "非必要", "3": "容缺后补"})
MATERIAL_SOURCES = CodeList("来源渠道", _EXCHANGE, {"10": "申请人自备", "20": "政府部门核发", "99": "其他"})
MATERIAL_TYPES = CodeList("材料类型", _EXCHANGE, {"1": "证件证书证明", "2": "申请表格文书", "3": "其他"})
MATERIAL_FORMS = CodeList("材料形式", _EXCHANGE, {"1": "纸质", "2": "电子化", "3": "纸质/电子化"})
# The standard orders the words (table 4, row 33) but numbers none.
HANDLE_AREAS = CodeList(
    "通办范围", _OWN, {"1": "全国（跨省通办）", "2": "全省", "3": "全市", "4": "本区（县）"}
)
RETENTIONS = CodeList("归档保管期限", _OWN, {"permanent": "永久", "30": "30年", "10": "10年"})
# Where a promise cannot stand for a proof: the risk is great and what goes wrong is hard to mend.
PROMISE_BARS = CodeList(
    "不适用告知承诺的情形",
    "国办发〔2020〕42号第二部分；省审批服务标准化方案（五）",
    {
        "none": "不涉及",
        "security": "涉及国家安全、国家秘密",
        "public_safety": "涉及公共安全",
        "finance": "涉及金融业审慎监管",
        "ideology": "涉及意识形态安全",
        "ecology": "涉及生态环境保护",
        "health": "直接关系人身健康、生命财产安全",
        "foreign": "重要涉外",
        "grave": "风险较大、纠错成本较高、损害难以挽回",
    },
)
PROMISE_KINDS = CodeList("承诺书种类", _OWN, {"general": "一般", "address": "住所（经营场所）申报承诺"})
LIMIT_UNITS = CodeList("时限单位", _OWN, {"WORKDAY": "个工作日", "DAY": "个自然日"})
DELEGATIONS = CodeList(
    "代办规定",
    _OWN,
    {"self": "须本人办", "guardian": "监护人可办", "agent": "受托人可办", "organisation": "单位经办人办"},
)
CHARGES = CodeList("收取方式", _OWN, {"always": "都要收", "choose": "按情形收其中一项"})
# What an item ends in, and what the result's name must then say (R: result name ⇔ result type).
RESULT_TYPES = CodeList(
    "结果类型",
    _OWN,
    {
        "许可证照": "证、照、批文、批复、许可、决定书、标志或签注",
        "确认结果": "证、书、确认、登记、认定、结果、标志或通知",
        "办理凭证": "凭证、回执、证明、通知、记录、单、卡、结果或协议",
        "给付决定": "决定、给付、津贴、补贴、待遇、金或通知",
        "备案凭证": "备案",
    },
)
# Why a citizen is asked for a proof; all but the first are abolished (五个一律取消).
PROOF_REASONS = CodeList(
    "证明理由",
    _OWN,
    {
        "by_law": "法律法规规定必须提交，且无法共享",
        "no_basis": "没有法律法规依据",
        "has_licence": "可凭现有证照证明",
        "own_promise": "可由本人书面承诺",
        "shared": "可部门共享",
        "unverifiable": "开具单位无法调查核实",
    },
)
LISTS = (
    *(TASK_TYPES, USE_LEVELS, DEPT_TYPES, SERVER_TYPES, HANDLE_TYPES, PROJECT_TYPES, POWER_SOURCES),
    *(TASK_STATES, MATERIAL_NEEDS, MATERIAL_SOURCES, MATERIAL_TYPES, MATERIAL_FORMS, HANDLE_AREAS),
    *(RETENTIONS, LIMIT_UNITS, DELEGATIONS, CHARGES, RESULT_TYPES, PROOF_REASONS),
    *(PROMISE_BARS, PROMISE_KINDS),
)


def uscc_is_right(code: str) -> bool:
    """Whether the check character of an organisation's code is right (GB 32100, MOD 31)."""
    if len(code) != _USCC_LENGTH or any(character not in _USCC_ALPHABET for character in code):
        return False
    total = sum(
        _USCC_ALPHABET.index(character) * weight
        for character, weight in zip(code, _USCC_WEIGHTS, strict=False)
    )
    return _USCC_ALPHABET[-total % 31] == code[-1]


def organisation_of(task_code: str) -> str:
    """The code of the organisation with which a task code begins (实施主体编码)."""
    return task_code[:_USCC_LENGTH]


def parts_of_task_code(code: str) -> tuple[str, str, str] | None:
    """Organisation, level and base code of a task code of 31 or 33 characters; None when it is neither."""
    found = _TASK_CODE.fullmatch(code)
    return None if found is None else (found[1], found[2], found[3])
