import base64
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask.testing import FlaskClient

from app.signatures import keys
from app.signatures.keys import Purpose

ADDRESS = "/.well-known/yima-keys.json"


def test_what_the_city_signs_is_checked_with_what_it_publishes(client: FlaskClient) -> None:
    made = keys.sign(b"x", purpose=Purpose.DAILY_ROOT)
    [key] = [one for one in json.loads(client.get(ADDRESS).data)["keys"] if one["kid"] == made.key_id]

    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "=="))
    public.verify(made.value, key["contexts"]["daily_root"].encode() + b"x")
    assert (key["kty"], key["crv"], key["until"]) == ("OKP", "Ed25519", None)


def test_keys_may_be_kept_and_are_asked_for_again_cheaply(client: FlaskClient) -> None:
    first = client.get(ADDRESS)
    again = client.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})

    assert "public" in first.headers["Cache-Control"]
    assert (again.status_code, again.data) == (304, b"")
