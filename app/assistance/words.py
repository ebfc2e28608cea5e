"""What a citizen agrees to when a clerk helps them (帮办说明): the very words, by version.

A text that has been shown is never edited: a new one is added behind it, and its place is its version.
"""

from datetime import timedelta

LASTS = timedelta(minutes=30)
TEXTS = (
    (
        "请{hall}的工作人员{clerk}坐在我旁边帮我办事，最长30分钟。\n"
        "他可以看：我还没提交的申请、正在办的事办到哪一步。\n"
        "他可以替我做：开始一份申请、填申请表、拍材料照片、预约到大厅的时间。\n"
        "他不能替我做：签名、提交、缴费、同意授权、撤回、填收款账户；也看不到我的证照、材料库和企业的事。\n"
        "他做的每一步都有记录，我随时可以结束，结束后他马上什么都看不到。"
    ),
    (
        "请{hall}的工作人员{clerk}坐在我旁边帮我办事，最长30分钟，15分钟没有操作也会结束。\n"
        "工作人员可以看：我还没提交的申请、正在办的事办到哪一步。\n"
        "工作人员可以替我做：开始一份申请、填申请表、拍材料照片、预约到大厅的时间。\n"
        "工作人员不能替我做：签名、提交、缴费、同意授权、撤回、填收款账户；也看不到我的证照、材料库和企业的事。\n"
        "工作人员做的每一步都有记录，我随时可以结束，结束后工作人员马上什么都看不到。"
    ),
)
VERSION = len(TEXTS)


def text(version: int, *, hall: str, clerk: str) -> str:
    """The words of a version, about one clerk of one hall."""
    return TEXTS[version - 1].format(hall=hall, clerk=clerk)
