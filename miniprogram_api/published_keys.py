"""The keys with which anybody checks what the city has signed, without asking it (公钥)."""

import base64
import hashlib

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from app.codes import tokens
from app.signatures import keys
from web.callers import PUBLIC
from web.door import Door

door = Door("published_keys", __name__)

_AN_HOUR_S = 3600


@door.get("/.well-known/yima-keys.json", auth=PUBLIC)
def published() -> ResponseReturnValue:
    """Give the public keys as a JSON Web Key Set: that of personal codes, then the city's own (公钥)."""
    answer: Response = jsonify({"keys": [_of_codes(), *(keys.as_jwk(key) for key in keys.published())]})
    answer.headers["Cache-Control"] = f"public, max-age={_AN_HOUR_S}"
    # A checker on another site reads them too; they are no secret.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.add_etag()
    return answer.make_conditional(request)


def _of_codes() -> dict[str, str]:
    raw = tokens.public_key()
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "use": "sig",
        "kid": hashlib.sha256(raw).hexdigest()[:16],
        "x": base64.urlsafe_b64encode(raw).rstrip(b"=").decode(),
        "purpose": tokens.KEY_PURPOSE,
        "context": tokens.SIGNED_CONTEXT.decode(),
    }
