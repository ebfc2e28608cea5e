"""Who is calling (验签): a partner system, by the signature of each request."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import request

from app.db import unit_of_work
from app.partners import service
from app.partners.signing import SignedRequest

# What stays as it is in a path, so that both sides write it alike.
_PLAIN = "/-._~"


@dataclass(frozen=True)
class PartnerSystem:
    """A partner system that signed this very request, within its quota."""

    name: str = "partner"

    def admit(self) -> str:
        """Check the signature, remember the nonce, then count.

        Raises what `service.recognise` and `service.count` raise.
        """
        with unit_of_work() as session:
            partner_id = service.recognise(session, request=_signed())
        with unit_of_work() as session:
            service.count(session, partner_id=partner_id)
        return f"partner:{partner_id}"


PARTNER = PartnerSystem()


def _signed() -> SignedRequest:
    query = request.query_string.decode("latin-1")
    return SignedRequest(
        method=request.method,
        target=quote(request.path, safe=_PLAIN) + (f"?{query}" if query else ""),
        body=request.get_data(cache=True),
        key=request.headers.get("X-Yima-Key", ""),
        timestamp=request.headers.get("X-Yima-Timestamp", ""),
        nonce=request.headers.get("X-Yima-Nonce", ""),
        signature=request.headers.get("X-Yima-Signature", ""),
    )
