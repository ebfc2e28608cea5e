"""The table of states as a page to read (办件状态表): made from the table, so that it cannot lag behind."""

from app.cases import states
from app.cases.states import Edge, Need, Party

HEAD = """# States of a case

Made by `flask --app bootstrap:assemble case-states > docs/case-states.md` from `app/cases/states.py`; a test
keeps it current. A step that is not in the table is refused by an error of its own. The front desk takes in
and hands out; it says no to nobody. A correction is asked for once in a case's life (行政许可法第三十二条).
When it comes in, the office's days run anew from that day; after them silence is a yes.

There is no state between decided and closed: what is handed over (送达) closes the case in the same moment,
by whoever hands it out, by the courier's word that it was signed for, or by the applicant's. How a paper is
on its way is told by its delivery (`app/deliveries`), and that a closed case was archived by its package
(`app/archives`): neither changes what may be done with the case.

A clerk who sat beside the applicant while the case was prepared (帮办, `app/assistance`) neither accepts nor
decides it, whatever their duty: `accept`, `not_accept`, `grant` and `refuse` are a colleague's. While they
sit there they fill in and photograph, and take no step for the applicant.

| from | step | to | who | what must hold |
|---|---|---|---|---|
"""
PARTIES: dict[Party, str] = {
    Party.CITIZEN: "申请人",
    Party.SYSTEM: "系统",
    Party.MACHINE: "机器审查",
    Party.FRONT_DESK: "受理",
    Party.APPROVER: "审批",
}
NEEDS: dict[Need, str] = {
    Need.NOT_AT_PRECHECK: "没有在网上预审",
    Need.FORM_COMPLETE: "表单填好",
    Need.MATERIALS_COMPLETE: "材料齐全",
    Need.CO_SIGNED: "要共同申请人签名的，已看过现在的内容并签名",
    Need.BILLS_PAID: "费用缴清",
    Need.BILL_UNPAID: "有待缴费用",
    Need.FEE_OPEN: "收费没有确定",
    Need.FEE_SETTLED: "收费已经确定",
    Need.NOTICE_OVER: "公告期满无异议",
    Need.OPINIONS_IN: "征求的意见都已回复",
    Need.OBJECTIONS_ANSWERED: "有部门不同意的，写明理由",
    Need.OBJECTIONS_APPROVED: "有部门不同意的，负责人批准",
    Need.CLOCK_RUNS: "时限没有暂停",
    Need.CLOCK_STANDS: "时限已暂停",
    Need.TELLING_IN_TIME: "在告知期限内",
    Need.TELLING_TOO_LATE: "告知期限已过",
    Need.NEVER_ASKED: "没有告知过补正",
    Need.CORRECTED: "列出的内容都改好",
    Need.CHANGED: "列出的内容都有改动，或申请人确认不用改",
    Need.CREDIT_KNOWN: "用告知承诺的，信用名单已查到",
    Need.NOTHING_OWED: "容缺的材料都已补交、核对",
    Need.OWES: "有容缺的材料要补交",
    Need.OWED_DELIVERED: "补交的材料等核对",
    Need.OWED_OVERDUE: "容缺的材料逾期没有补交",
    Need.HANDED_OVER: "纸质结果已交到申请人手里，或电子送达",
    Need.REASON_CODE: "情形",
    Need.REASON: "原因",
    Need.LEGAL_BASIS: "法律依据",
    Need.REMEDIES: "救济途径",
}


def written() -> str:
    """The whole page, in Markdown."""
    return HEAD + "".join(map(_row, states.TABLE))


def _row(edge: Edge) -> str:
    who = "、".join(words for party, words in PARTIES.items() if party in edge.who)
    needs = "、".join(NEEDS[need] for need in edge.needs) or "—"
    source, target = states.TEXTS[edge.source], states.TEXTS[edge.target]
    return f"| {source} | `{edge.step}` | {target} | {who} | {needs} |\n"
