"""Codes of the national implementation list and of organisations (事项编码、统一社会信用代码)."""

import re

# GB 32100: 31 characters, without I, O, S, V and Z.
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_USCC_LENGTH = 18
_TASK_CODE = re.compile(r"([0-9A-Z]{18})([1-7])([0-9A-Z]{12})([0-9A-Z]{2})?")

# Field → code → word; each list is one of demo/codes.json, never a mixture of two origins.
TASK_TYPES = {
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
}
USE_LEVELS = {
    "1": "国家级",
    "2": "省级",
    "3": "市级",
    "4": "县级",
    "5": "镇（乡、街道）级",
    "6": "村（社区）级",
    "7": "分级管理",
}
# The list of the national platform (C0109); GB/T 39046 A.4 gives 5 and 6 other meanings.
SERVER_TYPES = {
    "1": "自然人",
    "2": "企业法人",
    "3": "事业法人",
    "4": "社会组织法人",
    "5": "非法人企业",
    "6": "行政机关",
    "9": "其他组织",
}
PROJECT_TYPES = {"1": "即办件", "2": "承诺件", "9": "其他"}
HANDLE_TYPES = {
    "1": "窗口办理",
    "2": "电脑端网上办理",
    "3": "移动端网上申请",
    "4": "快递申请",
    "9": "其他",
}
TASK_STATES = {"1": "在用", "2": "挂起", "3": "取消", "4": "草稿"}
MATERIAL_NEEDS = {"1": "必要", "2": "非必要", "3": "容缺后补"}
MATERIAL_SOURCES = {"10": "申请人自备", "20": "政府部门核发", "99": "其他"}
MATERIAL_TYPES = {"1": "证件证书证明", "2": "申请表格文书", "3": "其他"}
MATERIAL_FORMS = {"1": "纸质", "2": "电子化", "3": "纸质/电子化"}
LIMIT_UNITS = {"WORKDAY": "个工作日", "DAY": "个自然日"}


def uscc_is_right(code: str) -> bool:
    """Whether the check character of an organisation's code is right (GB 32100, MOD 31)."""
    if len(code) != _USCC_LENGTH or any(character not in _USCC_ALPHABET for character in code):
        return False
    total = sum(
        _USCC_ALPHABET.index(character) * weight
        for character, weight in zip(code, _USCC_WEIGHTS, strict=False)
    )
    return _USCC_ALPHABET[-total % 31] == code[-1]


def parts_of_task_code(code: str) -> tuple[str, str, str] | None:
    """Organisation, level and base code of a task code of 31 or 33 characters; None when it is neither."""
    found = _TASK_CODE.fullmatch(code)
    return None if found is None else (found[1], found[2], found[3])
