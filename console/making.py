"""How a door of the console is made (开门): under /console, and its refusals are pages."""

from console import pages
from web.door import Door


def console_door(name: str) -> Door:
    """A door whose every error is shown as a page."""
    door = Door(name, __name__, url_prefix="/console", template_folder="templates")
    door.register_error_handler(Exception, pages.of_error)
    return door
