"""Every door of partner systems (合作单位的门)."""

from partner_api import guides
from partner_api.manner import MANNER
from web.door import Door
from web.problems import Manner

DOORS: tuple[Door, ...] = (guides.door,)

MANNERS: tuple[Manner, ...] = (MANNER,)
