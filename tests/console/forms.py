"""What a browser without scripts does with a form: keep its fields, press one of its buttons."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx


class Form(HTMLParser):
    """The fields and buttons of the one form of a page that posts to an address."""

    def __init__(self, html: str, action: str) -> None:
        super().__init__(convert_charrefs=True)
        self.action, self.inside = action, False
        self.fields: dict[str, str] = {}
        self.buttons: list[tuple[str, str]] = []
        self.name = ""
        self.text: list[str] | None = None
        self.feed(html)
        assert self.action in html, "the page has no such form"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = of.get("action") == self.action
        if not self.inside:
            return
        if tag == "input" and of.get("name"):
            self.fields[of["name"]] = of.get("value", "")
        elif tag == "textarea":
            self.name, self.text = of["name"], []
        elif tag == "select":
            self.name = of["name"]
            self.fields[self.name] = ""
        elif tag == "option" and "selected" in of:
            self.fields[self.name] = of["value"]
        elif tag == "button" and of.get("name"):
            self.buttons.append((of["name"], of["value"]))

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.text is not None:
            # The break after the opening tag belongs to no field; breaks are sent as two characters.
            said = "".join(self.text).removeprefix("\n")
            self.fields[self.name] = said.replace("\n", "\r\n")
            self.text = None

    def sent(self, press: str = "", **typed: str) -> dict[str, str]:
        """What is posted, with a button of the page pressed; dots are written as two underscores."""
        data = {**self.fields, **{name.replace("__", "."): text for name, text in typed.items()}}
        if press:
            assert ("act", press) in self.buttons, f"no button {press}: {self.buttons}"
            data["act"] = press
        return data


def form_of(answer: httpx.Response, action: str) -> Form:
    """The form of an answer."""
    return Form(answer.text, action)


def led_to(answer: httpx.Response) -> str:
    """Where an answer leads."""
    assert answer.status_code == 303, answer.text[:2000]
    parts = urlsplit(answer.headers["location"])
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
