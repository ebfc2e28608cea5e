"""What a browser would send of a form, read from its page."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    """The fields of the one form with this id, as they stand."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._wanted, self._inside, self._name, self._text = form_id, False, "", None

    _text: str | None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the value of a field."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = found.get("id") == self._wanted
        if not self._inside:
            return
        if tag in {"select", "textarea"}:
            self._name, self._text = found["name"], "" if tag == "textarea" else None
        elif tag == "option" and ("selected" in found or self._name not in self.fields):
            self.fields[self._name] = [found["value"]]
        elif tag == "input" and (found.get("type") != "checkbox" or "checked" in found):
            self.fields.setdefault(found["name"], []).append(found.get("value", ""))

    def handle_data(self, data: str) -> None:
        """Gather what stands in a field of several lines."""
        if self._text is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        """A field of several lines is whole; its first line break is none of it."""
        if tag == "textarea" and self._text is not None:
            self.fields.setdefault(self._name, []).append(self._text.removeprefix("\n"))
            self._text = None
        if tag == "form":
            self._inside = False


def fields_of(page: str, *, form: str) -> dict[str, list[str]]:
    """The fields of a form with what stands in them; buttons are not pressed."""
    found = _Form(form)
    found.feed(page)
    return found.fields
