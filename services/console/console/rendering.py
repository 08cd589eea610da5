"""Templates to responses: what every template can use, and nothing that a page should not say."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import uuid4

from babel.numbers import format_decimal
from google.protobuf.timestamp_pb2 import Timestamp
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from chassis import clock
from console import texts, times
from console.codes import code_of, codes_of
from console.texts import LANGUAGES, Language

if TYPE_CHECKING:
    from console.page import Page
    from console.visit import Visit

PACKAGE = Path(__file__).parent

STATE_KINDS = {"planned": "wait", "cancelled": "off", "in_progress": "busy", "submitted": "wait", "released": "good"}
"""The shape of each state of an assessment."""


class Renderer:
    """Renders the pages of one console. `development` marks identities that anybody can take."""

    def __init__(self, pages: "tuple[Page, ...]", *, development: bool) -> None:
        self._pages = pages
        self._development = development
        self._templates = Environment(
            loader=FileSystemLoader([PACKAGE / "pages", PACKAGE / "kit"]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            asset=asset,
            code_of=code_of,
            codes_of=codes_of,
            icon=icon,
            languages=LANGUAGES.values(),
            now=clock.now,
            field_of=getattr,
            new_id=lambda: str(uuid4()),
        )

    def respond(self, visit: "Visit", template: str, context: Mapping[str, object], status: int = 200) -> Response:
        """A page for somebody who is signed in."""
        own: dict[str, object] = {
            "visit": visit,
            "page_name": visit.page,
            "knows": texts.knows,
            "me": visit.me,
            "form": visit.form,
            "menu": self._menu(visit),
            "tabs": lambda factory: self._tabs(visit, factory),
            "csrf": visit.me.csrf,
            "when": lambda value, zone="": times.when(value, zone or visit.zone, visit.language),
            "age": lambda value, zone="": _age(visit, value, zone),
            "address": lambda **changes: _address(visit, changes),
            "elsewhere": lambda path: _address(visit, {"page": "", "at": ""}, path),
        }
        return HTMLResponse(self.render(template, visit.language, {**context, **own}), status)

    def plain(self, template: str, language: Language, context: Mapping[str, object], status: int) -> Response:
        """A page for nobody in particular: signed out, or in trouble."""
        return HTMLResponse(self.render(template, language, {"me": None, **context}), status)

    def render(self, template: str, language: Language, context: Mapping[str, object]) -> str:
        """The text of a template in a language."""
        return self._templates.get_template(template).render(
            {
                "language": language,
                "development": self._development,
                "t": lambda key, **values: texts.say(key, language, **values),
                "coded": lambda key, code: texts.coded(key, code, language),
                "worded": lambda key, codes: [(code, texts.coded(key, code, language)) for code in codes],
                "day": lambda value: times.day(value, language),
                "iso": lambda value: times.calendar_day(value).isoformat(),
                "last_day": times.last_day,
                "state_kinds": STATE_KINDS,
                "number": lambda value: format_decimal(value, locale=language.locale),
                **context,
            }
        )

    def _menu(self, visit: "Visit") -> list[tuple[str, list[tuple[str, str, str]]]]:
        """(group, [(page, icon, path)]) in the order of the menu, for this person."""
        shown = [(page.menu, page.name) for page in self._pages if page.menu and page.shows(page.menu, visit.roles)]
        shown.sort(key=lambda one: one[0].order)
        return [
            (group, [(name, menu.icon, menu.path.format(factory=visit.me.factory)) for menu, name in together])
            for group, together in groupby(shown, key=lambda one: one[0].group)
        ]

    def _tabs(self, visit: "Visit", factory: str) -> list[tuple[str, str]]:
        """(page, path) of everything there is about a factory, for this person."""
        shown = [(page.tab, page.name) for page in self._pages if page.tab and page.shows(page.tab, visit.roles)]
        shown.sort(key=lambda one: one[0].order)
        return [(name, tab.path.format(factory=factory)) for tab, name in shown]


def _age(visit: "Visit", value: Timestamp | datetime, zone: str) -> Markup:
    return times.age(value, clock.now(), zone or visit.zone, visit.language, visit.say("kit.today"))


def _address(visit: "Visit", changes: Mapping[str, object], path: str = "") -> str:
    """This page's address, or another path, with some of its query changed; empty values leave it."""
    kept = {**visit.request.query_params, **{name: str(value) for name, value in changes.items()}}
    kept = {name: value for name, value in kept.items() if value and name != "done"}
    path = path or visit.request.url.path
    return f"{path}?{urlencode(kept)}" if kept else path


@cache
def asset(name: str) -> str:
    """The address of a static file; changes with its content, so that browsers may keep it for ever."""
    content = (PACKAGE / "static" / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


@cache
def icon(name: str) -> Markup:
    """An icon for the eye only; the word beside it speaks."""
    svg = " ".join((PACKAGE / "kit" / "icons" / f"{name}.svg").read_text(encoding="utf-8").split())
    return Markup(svg.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1))  # noqa: S704 - vendored file
