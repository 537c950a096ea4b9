"""Pages from their templates: one environment, the same frame for all, in the reader's language."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from portal.faults import PracticeStays, TooOften, Turned
from portal.house import caller, house
from portal.seals import FIELD, keep_reader, seal
from portal.speech import NAMES, SWITCH, PageWords, keep_choice, unmarked, words_of
from portal.static import static


@cache
def _templates() -> frozenset[str]:
    return frozenset(templates().list_templates())


@pass_context
def _gettext(context: Context, sentence: str) -> str:
    return str(context["words"].catalogue.gettext(sentence))


@pass_context
def _ngettext(context: Context, one: str, many: str, number: int) -> str:
    return str(context["words"].catalogue.ngettext(one, many, number))


@cache
def templates() -> Environment:
    """The templates. ``{{ _("…") }}`` and ``{% trans %}`` speak the language of ``words``."""
    environment = Environment(
        loader=PackageLoader("portal", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
        auto_reload=False,  # an upgrade may put newer templates beside code that still runs
    )  # fmt: skip
    environment.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["static"] = static
    environment.filters["unmarked"] = unmarked
    return environment


def page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page for this reader.

    Args:
        request: what it answers.
        template: below ``templates/``, e.g. ``public/home.jinja``.
        status: of HTTP; 422 for a form that has to be filled in again.
        values: what the template shows.
    """
    words = spoken(request)
    shown = {**_frame(request, words), **values}
    shown["ui"] = templates().get_template("ui.jinja").make_module(shown)
    body = templates().get_template(template).render(shown)
    response = HTMLResponse(body, status_code=status, headers={"content-language": words.language})
    keep_choice(request, response)
    keep_reader(request, response)
    return response


def spoken(request: Request) -> PageWords:
    """The words that were chosen for this request, else those that its headers ask for."""
    found: PageWords | None = getattr(request.state, "words", None)
    return found or words_of(request)


def _frame(request: Request, words: PageWords) -> dict[str, Any]:
    """What the base template shows of every page."""
    here = house(request)
    return {
        "words": words,
        "languages": [(code, name, _switch(request, code)) for code, name in NAMES.items()],
        "mailbox": here.mailbox(caller(request)) is not None,
        "path": request.url.path,
        "practice": getattr(request.state, "practice", False),
        "seal_field": lambda: Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, seal(request)),
    }


def _switch(request: Request, code: str) -> str:
    """This page in another language."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != SWITCH]
    return f"?{urlencode([*kept, (SWITCH, code)])}"


def turned_page(request: Request, turned: Turned) -> Response:
    """The page that says why a request was turned away, and what to do."""
    names = (turned.page, str(turned.status), "other")
    template = next(it for name in names if (it := f"frame/turned/{name}.jinja") in _templates())
    again = turned.again if isinstance(turned, TooOften) else 0
    back = turned.back if isinstance(turned, PracticeStays) else ""
    response = page(request, template, turned.status, again=again, back=back)
    response.headers.update(turned.headers)
    return response
