"""Keys for development, made once and kept beside the data they protect."""

import base64
import os
import secrets
from pathlib import Path

from runner.places import environment_of


def development_keys(folder: Path) -> dict[str, str]:
    """SECRET_KEY and FIELD_KEYS of this data folder, readable by its owner alone.

    Both begin with `dev`, a mark that a production start refuses.
    """
    kept = folder / "keys.env"
    if not kept.exists():
        field_key = base64.b64encode(secrets.token_bytes(32)).decode()
        fresh = folder / "keys.new"
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"SECRET_KEY=dev-{secrets.token_urlsafe(48)}\nFIELD_KEYS=dev1:{field_key}\n")
            file.flush()
            os.fsync(file.fileno())  # without these keys the data of the next second cannot be read
        fresh.rename(kept)
    return environment_of(kept.read_text())
