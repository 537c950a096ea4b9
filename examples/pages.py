"""A page of the portal as whoever reads it sees it: its heading, what it tells, its links, forms and buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = dict[str, str]


@dataclass
class Field:
    """What can be filled in, or chosen among ``options``: (value, what stands beside it)."""

    kind: str
    value: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Form:
    """A form of the page's own text; whatever stands around that is of no concern here."""

    action: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    """Name and value of each button."""

    def takes(self, names: set[str]) -> bool:
        """Whether all of that can be filled in."""
        return names <= set(self.fields)

    def filled(self, answers: dict[str, str], button: str) -> dict[str, str]:
        """What is sent: what stood there, the answers, and the button that was pressed (the first, if not said).

        Raises:
            KeyError: an answer is none of those that can be chosen, or there is no such button.
        """
        sent = {name: one.value for name, one in self.fields.items() if one.value}
        sent |= {name: _chosen(self.fields[name], wanted) for name, wanted in answers.items()}
        pressed = next(one for one in self.buttons if not button or one[1] == button)
        return sent | ({pressed[0]: pressed[1]} if pressed[0] else {})


def _chosen(one: Field, wanted: str) -> str:
    """The value of the option that is called so, or begins with these words."""
    if not one.options:
        return wanted
    for fits in (str.__eq__, str.startswith):
        for value, label in one.options:
            if value == wanted or fits(label, wanted):
                return value
    raise KeyError(wanted)


class Page(HTMLParser):
    """A page, read.

    Args:
        address: its path.
        status: with which it came.
        source: its HTML.
    """

    def __init__(self, address: str, status: int, source: str) -> None:
        super().__init__()
        self.address, self.status = address, status
        self.heading = ""
        self.notices: list[str] = []
        self.links: list[tuple[str, str]] = []
        """What each link says, and where it leads."""
        self.items: list[tuple[str, str]] = []
        """The items of lists that have a link: what is written there, and where the link leads."""
        self.forms: list[Form] = []
        self._inside = False
        self._heard: list[tuple[str, list[str], Callable[[str], None]]] = []
        self._ids: dict[str, tuple[Field, str]] = {}
        self.feed(source)

    def link(self, end: str) -> str:
        """Where the first link leads whose address ends so; empty where there is none."""
        return next((where for _, where in self.links if where.partition("?")[0].rstrip("/").endswith(end)), "")

    def form(self, names: set[str], to: str = "") -> Form | None:
        """The first form in which all of that can be filled in, and which goes there."""
        return next((one for one in self.forms if one.takes(names) and one.action.endswith(to) and one.buttons), None)

    def said(self) -> str:
        """What the page says first: what it makes known, else its heading."""
        return (self.notices or [self.heading])[0]

    # -- reading -------------------------------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._inside = True
        elif self._inside:
            self._begin(tag, at)

    def _begin(self, tag: str, at: Attributes) -> None:
        match tag:
            case "h1":
                self._listen(tag, lambda words: setattr(self, "heading", words))
            case "div" if "notice" in at.get("class", "").split():
                self._listen(tag, lambda words: self.notices.append(words.rstrip(". ")))
            case "p" if at.get("class") == "notice__title":
                self._listen(tag, lambda _: self._heard[-1][1].append(". ") if self._heard else None)
            case "a" if "href" in at:
                self._listen(tag, lambda words: self.links.append((words, at["href"])))
            case "li":
                known = len(self.links)
                self._listen(tag, lambda words: self.items.extend((words, to) for _, to in self.links[known:][:1]))
            case "form":
                self.forms.append(Form(at.get("action", "")))
            case "button" | "input" | "select" | "textarea" | "option" | "label" if self.forms:
                self._field(tag, at, self.forms[-1])

    def _field(self, tag: str, at: Attributes, form: Form) -> None:
        name, value = at.get("name", ""), at.get("value", "")
        match tag:
            case "button":
                form.buttons.append((name, value))
            case "input" if at.get("type") in {"radio", "checkbox"}:
                one = form.fields.setdefault(name, Field("choice"))
                one.value = value if "checked" in at else one.value
                self._ids[at.get("id", "")] = (one, value)
            case "input" | "select":
                form.fields[name] = Field(tag, value)
            case "textarea":
                one = form.fields[name] = Field(tag)
                self._listen(tag, lambda words: setattr(one, "value", words))
            case "option":
                one = list(form.fields.values())[-1]
                one.value = value if "selected" in at else one.value
                self._listen(tag, lambda words: one.options.append((value, words)))
            case "label" if (beside := self._ids.get(at.get("for", ""))) is not None:
                self._listen(tag, lambda words: beside[0].options.append((beside[1], words)))

    def _listen(self, tag: str, then: Callable[[str], None]) -> None:
        self._heard.append((tag, [], then))

    def handle_data(self, data: str) -> None:
        for _, words, _ in self._heard:
            words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._inside = False
        if self._heard and self._heard[-1][0] == tag:
            _, words, then = self._heard.pop()
            then(" ".join("".join(words).split()))
