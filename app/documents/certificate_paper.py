"""A certificate as PDF (证照版式): what it says, the code by which anybody checks it, the issuer's mark.

Made when it is asked for, so that it says what holds today; a certificate that does not stand has none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app import clock
from app.cases.models import Case
from app.catalogue import queries as catalogue
from app.certificates import queries, sharing
from app.certificates.errors import CertificateNotValid
from app.certificates.models import Certificate, CertificateState
from app.documents import drawing, seal
from app.documents.facts import day
from app.documents.sheet import Row
from app.papers import letters
from app.papers.pdf import BODY, INNER, MARGIN, SMALL, WIDTH, Cell, Pages, wrapped
from app.people.queries import masked_id_number
from app.plain_text import readable

_LABEL_WIDTH = 112.0
_CODE = 150.0  # points: 53 mm; a signed statement has many small squares
_FOOT = _CODE + 30
_HELP = (
    "扫左边的码，看这份证照今天是否有效；没有网络时，用公开的公钥也能核对。",
    "证照过期或撤销以后，这张纸不再有效，以扫码看到的为准。",
)
_MORE = (("holder_address", "住所"), ("legal_person", "法定代表人"), ("case_no", "办件编号"))


@dataclass(frozen=True, slots=True)
class Paper:
    """All that stands on the paper, read in one unit of work and drawn after it."""

    name: str
    identifier: str
    issuer_code: str
    issuer_name: str
    issued_on: date
    rows: tuple[Row, ...]
    code: str
    demo: bool

    @property
    def file_name(self) -> str:
        """What a saved file is called."""
        return f"{self.name}.pdf"


def of(session: Session, certificate: Certificate) -> Paper:
    """What the paper of a certificate says; raises CertificateNotValid."""
    if certificate.state_on(clock.today()) != CertificateState.VALID:
        raise CertificateNotValid
    case = session.get_one(Case, certificate.case_id)
    body = catalogue.guide_by_version(session, version_id=case.guide_version_id).body
    return Paper(
        name=certificate.name,
        identifier=certificate.identifier,
        issuer_code=case.dept_code,
        issuer_name=certificate.issuer_name,
        issued_on=certificate.issued_on,
        rows=tuple(_rows(certificate)),
        code=sharing.printed(certificate),
        demo=str(body.get("provenance", "")).startswith("demo"),
    )


def bytes_of(paper: Paper) -> bytes:
    """The file; never call it inside a unit of work."""
    stamp = seal.current()
    pages = Pages(
        title=paper.name,
        author=paper.issuer_name,
        footer=f"{paper.issuer_name}　{paper.name}",
        watermark="演示" if paper.demo else "",
    )
    pages.paragraph("电子证照", size=BODY + 3, centred=True)
    pages.heading(paper.name)
    pages.gap(14)
    for name, value in paper.rows:
        pages.row(
            Cell(_LABEL_WIDTH, texts=(name,), centred=True),
            Cell(INNER - _LABEL_WIDTH, texts=(" ".join(readable(value).split("\n")),), centred=True),
        )
    pages.gap(24)
    _foot(pages, paper, stamp.mark(dept_code=paper.issuer_code, dept_name=paper.issuer_name))
    return stamp.sign(pages.finish(), dept_code=paper.issuer_code)


def _rows(certificate: Certificate) -> Iterator[Row]:
    contents = queries.contents(certificate)
    number = contents.get("holder_number", "")
    company = certificate.organisation_id is not None or certificate.holder_index is not None
    yield "电子证照标识", certificate.identifier
    yield "持证人", certificate.holder_name
    if number:
        yield "证件号码", number if company else masked_id_number(number) or ""
    for key, label in _MORE:
        if contents.get(key):
            yield label, contents[key]
    yield "发证机关", certificate.issuer_name
    yield "发证日期", day(certificate.issued_on)
    yield "有效期至", "长期" if certificate.valid_until is None else day(certificate.valid_until)


def _foot(pages: Pages, paper: Paper, mark: seal.Mark) -> None:
    """The code on the left, the issuer with its mark and the day on the right, how to check below."""
    pages.keep_together(_FOOT + 60)
    top = pages.top
    drawing.code(pages, paper.code, left=MARGIN, top=top, side=_CODE)
    middle = WIDTH - MARGIN - 100
    drawing.stamp(pages, mark, middle=middle, centre=top + 70)
    lines = [*wrapped(paper.issuer_name, 200, BODY), day(paper.issued_on)]
    below = top + 70 - len(lines) * BODY * 0.75 + (0 if mark.ring else 26)
    for line in lines:
        pages.text(middle - letters.width_of(line, BODY) / 2, below, line)
        below += BODY * 1.6
    pages.gap(_CODE + 14)
    for said in _HELP:
        pages.paragraph(said, size=SMALL)
