"""Every door of the console (工作台的门)."""

from console import cases, start, window, work
from web.door import Door

DOORS: tuple[Door, ...] = (start.door, work.door, cases.door, window.door)
