"""Every door of partner systems (合作单位的门)."""

from partner_api import guides
from web.door import Door

DOORS: tuple[Door, ...] = (guides.door,)
