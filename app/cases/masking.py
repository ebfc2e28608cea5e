"""Numbers of persons on a form, as others may read them (脱敏)."""

from app.cases.forms import FormField, Kind
from app.people import phones
from app.people.queries import masked_id_number

# From so many characters on a number is somebody's; what is half typed has nothing to mask yet.
_NUMBER_FROM = 8


def masked(field: FormField, value: str) -> str:
    """What was filled in, with citizens' numbers and telephones masked."""
    if field.kind is Kind.CITIZEN_NUMBER and len(value) >= _NUMBER_FROM:
        return masked_id_number(value) or value
    if field.kind is Kind.PHONE and len(value) >= _NUMBER_FROM:
        return phones.masked(value) or value
    return value
