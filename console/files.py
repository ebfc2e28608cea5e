"""The console's stylesheet (样式)."""

import hashlib
from pathlib import Path

STYLE = (Path(__file__).with_name("static") / "console.css").read_bytes()
# In its address, so that browsers keep it until it changes.
STYLE_VERSION = hashlib.sha256(STYLE).hexdigest()[:12]
