"""One request of one signed-in person: who, in which language, with what form, and how to answer it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from google.type.date_pb2 import Date
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from console import texts, times
from console.clients.services import Services
from console.clients.troubles import Down, Refused
from console.codes import Enumeration, number
from console.forms import Form
from console.jsonable import jsonable
from console.last_shown import LastShown
from console.part import Part as Part
from console.rendering import Renderer
from console.roles import PARTNERS
from console.signin.sessions import Session, Sessions
from console.texts import Language
from console.tool import Tool, Tools
from console.zones import Zones

T = TypeVar("T")

WORDING = frozenset({"tool", "kinds", "line_kinds", "names", "parts"})
"""What templates are given to word and shape the data with; no part of a page's JSON."""


@dataclass
class Visit:
    """Everything a view needs; nothing of it outlives the request. `memo` holds what several parts of the page read."""

    request: Request
    page: str
    me: Session
    sessions: Sessions
    language: Language
    services: Services
    renderer: Renderer
    zones: Zones
    tools: Tools
    last_shown: LastShown
    form: Form = field(default_factory=Form)
    as_json: bool = False
    memo: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def roles(self) -> frozenset[str]:
        """What the person's token says they are."""
        return frozenset(self.me.roles)

    def is_a(self, *roles: str) -> bool:
        """Whether the person has one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def query(self) -> Mapping[str, str]:
        """The address's query; the last of a repeated name."""
        return self.request.query_params

    @property
    def address(self) -> str:
        """This page with its query, as a link."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    @property
    def partial(self) -> bool:
        """Whether htmx asks, for a piece of the page; a restored history entry wants the whole."""
        headers = self.request.headers
        return headers.get("hx-request") == "true" and headers.get("hx-history-restore-request") != "true"

    def path(self, name: str) -> str:
        """A part of the address that the route names."""
        return str(self.request.path_params[name])

    @property
    def home(self) -> str:
        """The person's first country, or that of their factory; empty where they have neither."""
        return self.me.countries[0] if self.me.countries else self.me.factory.partition("-")[0].upper()

    @property
    def zone(self) -> str:
        """The zone for what belongs to no country: that of the person's home, or UTC."""
        return self.zones.of(self.home, self.services) if self.home else "UTC"

    def zone_of(self, country: str) -> str:
        """The zone of a country programme; UTC while it is not known."""
        return self.zones.of(country, self.services)

    def zone_info(self, country: str) -> ZoneInfo:
        """The zone of a country programme, to reckon with."""
        return ZoneInfo(self.zone_of(country))

    def tool(self, country: str) -> Tool:
        """Names of the compliance tool of a country."""
        return self.tools.of(country, self.services)

    def say(self, key: str, **values: object) -> str:
        """A text in the person's language."""
        return texts.say(key, self.language, **values)

    def coded(self, family: str, code: str) -> str:
        """The word for a code of a service; the bare code where this console has no word for it yet."""
        return texts.coded(family, code, self.language)

    def reason(self, name: str, description: str) -> str:
        """A refusal in the person's language; the service's English where the catalogue has no words for it."""
        key = f"kit.reason_{name}"
        return self.say(key) if texts.knows(key) and (self.language.code != "en" or not description) else description

    def speak(self, language: Language) -> None:
        """Keep the language that the person chose with the session."""
        self.sessions.keep(replace(self.me, language=language.code))

    def part(self, read: Callable[[], T], known_as: str = "", *, everywhere: bool = False) -> Part[T]:
        """A read that the rest of the page can do without.

        With `known_as`, what it gave this person last at this address (or `everywhere`) is shown while the service is
        away; never to partners, whose right to it may have ended meanwhile.
        """
        what = known_as if everywhere else f"{known_as} {self.request.url.path}?{self.request.url.query}"
        remembers = known_as and not self.is_a(*PARTNERS)
        try:
            fresh = read()
        except Down as trouble:
            old = self.last_shown.find(self.me.subject, what) if remembers else None
            value, as_of = old or (None, None)
            return Part(value, trouble.service, trouble.since, as_of)
        if remembers:
            self.last_shown.keep(self.me.subject, what, fresh)
        return Part(fresh)

    def asked(self, *names: str) -> dict[str, str]:
        """What the query says of some fields; empty where it says nothing. Cut to 100 characters each."""
        return {name: self.query.get(name, "").strip()[:100] for name in names}

    @property
    def country(self) -> str:
        """The country that the query asks for, if it is one of the person's; empty for all of them."""
        asked = self.query.get("country", "")
        return asked if asked in self.me.countries else ""

    @property
    def offset(self) -> int:
        """How many rows of a list come before this page, as the link to it says; for the reader's eye only."""
        at = self.query.get("at", "")
        return int(at) if at.isdecimal() and len(at) < 10 else 0

    def do(self, fields: Mapping[str, str], command: Callable[[], object]) -> bool:
        """Carry out a command; True when done, else its refusal stands in the form."""
        try:
            command()
        except Refused as refusal:
            self.form.refused(refusal, fields, self.reason)
        except Down as trouble:
            self.form.problems.append(
                self.say("kit.down_try_again", service=self.say(f"kit.service_{trouble.service}"))
            )
        return not self.form.wrong

    def whole(self, name: str) -> int:
        """A whole number of the form, none being 0; what is no such number is noted at its field."""
        text = self.form.text(name) or "0"
        if text.isdecimal() and len(text) < 10:
            return int(text)
        self.form.wrong_field(name, self.say("kit.reason_NOT_A_NUMBER"))
        return 0

    def day(self, name: str) -> Date | None:
        """A day of the form; what is none is noted at its field."""
        chosen = times.chosen_day(self.form.text(name))
        if chosen is None:
            self.form.wrong_field(name, self.say("kit.choose_day"))
            return None
        return times.day_message(chosen)

    def chosen(self, name: str, kind: Enumeration) -> int:
        """A code of the form as the number of its enumeration; none is noted at its field."""
        value = number(kind, self.form.text(name))
        if not value:
            self.form.wrong_field(name, self.say("kit.choose"))
        return value

    def show(self, template: str, **context: object) -> Response:
        """The page, or its data where JSON was asked for; 422 while the form is wrong."""
        status = 422 if self.form.wrong else 200
        if self.as_json:
            data = {name: value for name, value in context.items() if not callable(value) and name not in WORDING}
            return JSONResponse(jsonable(data), status)
        return self.renderer.respond(self, template, context, status)

    def go(self, path: str, **query: str) -> Response:
        """Send the browser on after a change, so that a reload repeats nothing."""
        return RedirectResponse(path + (f"?{urlencode(query)}" if query else ""), 303)
