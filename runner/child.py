"""The step between the launcher and a program: give up root, promise to die with the parent, become it.

Run as a script, `child.py SIGNAL PARENT UID GID REACH program arguments…`, and not as a `preexec_fn`: code
between fork and exec is unsafe beside threads. It imports nothing but what the interpreter holds already.
"""

import ctypes
import os
import signal
import sys

# linux/prctl.h and linux/capability.h
PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAPABILITY_VERSION_3 = 0x20080522

CANNOT_START = 127


class CapabilityHeader(ctypes.Structure):
    """Which thread `capset` speaks about."""

    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class CapabilityWord(ctypes.Structure):
    """Thirty-two capabilities."""

    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def checked(result: int, what: str) -> None:
    """Raise OSError when a call of the C library has failed."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def die_with_parent(libc: ctypes.CDLL, death_signal: int) -> None:
    """Ask the kernel for a signal at the moment the parent ends (Linux; elsewhere nothing is asked)."""
    if sys.platform == "linux":
        checked(libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0), "die with the parent")


def follow_parent(death_signal: int) -> None:
    """Have this process stopped when its parent, which runs now, ends."""
    parent = os.getppid()
    die_with_parent(ctypes.CDLL(None, use_errno=True), death_signal)
    if os.getppid() != parent:
        sys.exit(CANNOT_START)


def become(libc: ctypes.CDLL, *, uid: int, gid: int, reach: bool) -> None:
    """Change to an unprivileged account for good.

    With `reach` the one capability is kept that lets it pass folders which only root may enter (a project
    under /root); without it the account keeps nothing.
    """
    if reach:
        # Capabilities then outlive the change of user, and access(2), which initdb trusts, minds them.
        checked(libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0), "keep capabilities")
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if not reach:
        return
    bit = 1 << CAP_DAC_OVERRIDE
    words = (CapabilityWord * 2)(CapabilityWord(bit, bit, bit), CapabilityWord(0, 0, 0))
    header = CapabilityHeader(CAPABILITY_VERSION_3, 0)
    checked(libc.capset(ctypes.byref(header), words), "keep one capability")
    checked(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0), "pass it on")


def main(arguments: list[str]) -> None:
    """Prepare this process as told and turn into the program."""
    death_signal, parent, uid, gid, reach = (int(word) for word in arguments[:5])
    program = arguments[5:]
    libc = ctypes.CDLL(None, use_errno=True)
    if uid:
        become(libc, uid=uid, gid=gid, reach=bool(reach))
    die_with_parent(libc, death_signal)  # after the change of user, which clears it
    if os.getppid() != parent:  # it died before the promise was made
        sys.exit(CANNOT_START)
    # What is ignored stays ignored across exec; the interpreter and a shell's `&` both ignore some.
    for number in (signal.SIGPIPE, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.execvp(program[0], program)  # noqa: S606 - to become the program, without a shell, is what this is for


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        sys.stderr.write(f"cannot start {sys.argv[6]}: {error}\n")
        sys.exit(CANNOT_START)
