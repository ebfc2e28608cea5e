"""Why a case is refused after it was examined (不予许可、不予办理的情形): one of a list, besides the words.

《行政许可法》第三十八条 wants the reason said; the weekly report wants grounds that can be counted
(否定报备). What was never taken up has a list of its own (`not_accepting.Ground`).
"""

from enum import StrEnum


class RefusalGround(StrEnum):
    """Why the answer is no."""

    NOT_QUALIFIED = "not_qualified"
    INSPECTION_FAILED = "inspection_failed"
    DEPARTMENT_OBJECTS = "department_objects"
    RIGHTS_OF_OTHERS = "rights_of_others"
    NO_QUOTA = "no_quota"
    FALSE_PAPERS = "false_papers"
    BARRED = "barred"


REFUSAL_TEXTS: dict[RefusalGround, str] = {
    RefusalGround.NOT_QUALIFIED: "不符合法定条件、标准",
    RefusalGround.INSPECTION_FAILED: "实地核查、检验、检测、检疫、鉴定或者评审不合格",
    RefusalGround.DEPARTMENT_OBJECTS: "依法征求意见的部门不同意",
    RefusalGround.RIGHTS_OF_OTHERS: "损害他人重大利益或者公共利益，异议成立",
    RefusalGround.NO_QUOTA: "有数量限制，名额已满",
    RefusalGround.FALSE_PAPERS: "隐瞒有关情况或者提供虚假材料",
    RefusalGround.BARRED: "法律、法规规定不予办理的其他情形",
}


def known(code: str) -> str:
    """The code when the list has it, else nothing."""
    return code if code in set(RefusalGround) else ""
