"""A data folder that belongs to one launcher at a time."""

import fcntl
import os
from pathlib import Path
from typing import Self

from runner.errors import CannotStart


class FolderLock:
    """The right to use a folder; the kernel takes it back when the holder dies, however it dies."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when it does not exist."""
        self.folder = folder
        self._file: int | None = None
        self.abandoned = False  # whether the one who had it last was killed

    @property
    def held(self) -> bool:
        """Whether the folder is ours."""
        return self._file is not None

    def take(self) -> Self:
        """Take the folder or raise CannotStart when another launcher has it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError as error:
            raise CannotStart(f"{self.folder} belongs to another account: run as that or move it.") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode().strip()
            os.close(descriptor)
            raise CannotStart(f"{self.folder} is in use by process {holder}: stop that first.") from None
        self.abandoned = os.fstat(descriptor).st_size > 0
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._file = descriptor
        return self

    def give_back(self) -> None:
        """Let others use the folder; repeating it changes nothing."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None
