"""Keys for development, made once and kept beside the data they protect."""

import base64
import os
import secrets
from pathlib import Path

from runner.places import environment_of


def development_keys(folder: Path) -> dict[str, str]:
    """SECRET_KEY, FIELD_KEYS and SIGNING_KEYS of this data folder, readable by its owner alone.

    Each begins with `dev`, a mark that a production start refuses.
    """
    kept = folder / "keys.env"
    known = environment_of(kept.read_text()) if kept.exists() else {}
    fresh = {name: value for name, value in _made().items() if name not in known}
    if fresh:
        _keep(kept, known | fresh)
    return known | fresh


def _made() -> dict[str, str]:
    field_key, seed = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
    return {
        "SECRET_KEY": f"dev-{secrets.token_urlsafe(48)}",
        "FIELD_KEYS": f"dev1:{field_key}",
        "SIGNING_KEYS": f"dev1:{seed}",
    }


def _keep(kept: Path, keys: dict[str, str]) -> None:
    fresh = kept.with_name("keys.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in keys.items())
        file.flush()
        os.fsync(file.fileno())  # without these keys the data of the next second cannot be read
    fresh.rename(kept)
