"""What can be done with clerks (工作人员管理): add, give a new password, take the account away."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock, settings
from app.audit import service as audit
from app.audit.chain import Word
from app.staff import passwords, sessions, signing_in, totp
from app.staff.errors import ClerkExists, ClerkInvalid, ClerkNotFound, DemoClerksRefused
from app.staff.models import Clerk, Role

_OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class NewClerk:
    """Who a clerk will be; `centre_id` and `department` None mean no fixed hall and every department."""

    username: str
    name: str
    roles: Sequence[Role]
    centre_id: str | None = None
    department: str | None = None


# One for each role; the names say what they are there for.
DEMO_CLERKS = (
    NewClerk("shouli", "王窗口", (Role.FRONT_DESK,), centre_id="C01"),
    NewClerk("shenpi", "李审批", (Role.APPROVER,), centre_id="C01"),
    NewClerk("dudao", "陈督导", (Role.SUPERVISOR,)),
    NewClerk("shoufei", "林收费", (Role.CASHIER,), centre_id="C01"),
    NewClerk("fuze", "周负责", (Role.HEAD,)),
)


def add(session: Session, *, clerk: NewClerk, password: str, second_factor: bool) -> Clerk:
    """Add a clerk; with `second_factor` a TOTP secret is made too. Raises ClerkInvalid, ClerkExists."""
    username = signing_in.account_name(clerk.username)
    _refuse_faults(clerk, username, password)
    added = Clerk(
        username=username,
        name=clerk.name.strip(),
        roles=[role.value for role in clerk.roles],
        centre_id=clerk.centre_id,
        department=clerk.department,
        password_hash=passwords.hashed(password),
        totp_secret=totp.new_secret() if second_factor else None,
        created_at=clock.now(),
    )
    if session.scalar(select(Clerk.id).where(Clerk.username == username)) is not None:
        raise ClerkExists
    session.add(added)
    session.flush()
    details: dict[str, Word] = {"roles": ",".join(added.roles), "second_factor": second_factor}
    audit.record(session, actor=_OPERATOR, action="clerk_added", subject=f"clerk:{added.id}", details=details)
    return added


def reset_password(session: Session, *, username: str, password: str) -> None:
    """Give a clerk a new password, end their sessions and let them try again at once.

    Raises ClerkNotFound, ClerkInvalid.
    """
    clerk = _clerk(session, username)
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise ClerkInvalid(errors={"password": [_password_rule()]})
    clerk.password_hash = passwords.hashed(password)
    sessions.end_all(session, clerk_id=clerk.id)
    signing_in.forget_failures(session, username=username)
    session.flush()
    audit.record(session, actor=_OPERATOR, action="password_reset", subject=f"clerk:{clerk.id}")


def disable(session: Session, *, username: str) -> None:
    """Take an account away and end its sessions; repeating it changes nothing. Raises ClerkNotFound."""
    clerk = _clerk(session, username)
    if clerk.disabled_at is not None:
        return
    clerk.disabled_at = clock.now()
    sessions.end_all(session, clerk_id=clerk.id)
    session.flush()
    audit.record(session, actor=_OPERATOR, action="clerk_disabled", subject=f"clerk:{clerk.id}")


def load_demo_clerks(session: Session, *, password: str) -> int:
    """Have the five demo clerks with this password; how many changed. Raises DemoClerksRefused."""
    if settings.current().production:
        raise DemoClerksRefused
    demo = select(Clerk).where(Clerk.username.in_([clerk.username for clerk in DEMO_CLERKS]), Clerk.demo)
    known = {clerk.username: clerk for clerk in session.scalars(demo.with_for_update())}
    # One password, one hash: to make or check it takes a tenth of a second each time.
    kept = {clerk.password_hash for clerk in known.values()}
    fitting = (one for one in sorted(kept) if passwords.fits(one, password))
    password_hash = next(fitting, None) or passwords.hashed(password)
    return sum(
        _load_demo_clerk(session, clerk, known.get(clerk.username), password_hash=password_hash)
        for clerk in DEMO_CLERKS
    )


def _load_demo_clerk(session: Session, clerk: NewClerk, stored: Clerk | None, *, password_hash: str) -> bool:
    values = {
        "name": clerk.name,
        "roles": [role.value for role in clerk.roles],
        "centre_id": clerk.centre_id,
        "department": clerk.department,
        "demo": True,
        "password_hash": password_hash,
    }
    if stored is not None and all(getattr(stored, key) == value for key, value in values.items()):
        return False
    made = insert(Clerk).values(username=clerk.username, created_at=clock.now(), **values)
    loaded = made.on_conflict_do_update(
        index_elements=[Clerk.username], set_=values, where=Clerk.demo.is_(True)
    )
    return session.scalar(loaded.returning(Clerk.id)) is not None


def _clerk(session: Session, username: str) -> Clerk:
    found = session.scalar(
        select(Clerk).where(Clerk.username == signing_in.account_name(username)).with_for_update()
    )
    if found is None:
        raise ClerkNotFound
    return found


def _refuse_faults(clerk: NewClerk, username: str, password: str) -> None:
    errors: dict[str, list[str]] = {}
    if not username or not username.isascii():
        errors["username"] = ["账号请用64个以内的字母、数字"]
    if not 0 < len(clerk.name.strip()) <= 64 or not clerk.name.isprintable():  # noqa: PLR2004 - the column's
        errors["name"] = ["请填写姓名"]
    if not clerk.roles:
        errors["roles"] = ["请至少选择一个岗位"]
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        errors["password"] = [_password_rule()]
    if errors:
        raise ClerkInvalid(errors=errors)


def _password_rule() -> str:
    return f"密码应为{passwords.SHORTEST}到{passwords.LONGEST}个字符"
