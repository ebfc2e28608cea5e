"""How partner systems are told of refusals that any caller may meet (合作单位出错说明)."""

from app.partners.signing import SCHEME
from web.problems import Manner

MANNER = Manner(
    under="/partner/",
    challenge=f'{SCHEME} realm="yima"',
    details_en={
        0: "The request was refused.",
        400: "The request cannot be read.",
        404: "There is nothing at this address. Compare it with the documentation.",
        405: "This address does not take this method; `Allow` names those that it takes.",
        413: "The request is too large.",
        500: "Something went wrong on our side. Try again later, and name `request_id` when you ask us.",
        503: "The service is busy. Try again after `Retry-After` seconds.",
    },
)
