"""Turns a template and its words into what a person reads: subject, plain text and HTML in their language and time.

A template says a subject, a body and a button in each language (see `phrasebook`) and is laid out twice, as plain
text and as an HTML page. Direction follows the declared language, never the text. Templates run in a sandbox and every
value is escaped, so a factory's name cannot become markup.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_timezone_name
from jinja2 import (
    ChoiceLoader,
    FileSystemLoader,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateError,
    pass_context,
)
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from chassis.data_files import read_yaml
from notifications import phrasebook
from notifications.domain.message import Content
from notifications.phrasebook import LAYOUT, TEMPLATES

DIRECTIONS = {"en": "ltr", "ar": "rtl"}
CODES = ("scope", "topic", "audience")
"""Kinds of codes that parameters may hold; `words.yaml` has words for each."""
DEFAULT_LANGUAGE = "en"
LOCALES = {"en": "en_GB", "ar": "ar"}
WORDS: dict[str, dict[str, Any]] = read_yaml((LAYOUT / "words.yaml").read_text("utf-8"))
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


class CannotRender(Exception):
    """The template does not fit its words; a mistake of ours that no retry mends."""


@dataclass(frozen=True)
class Reader:
    """For whom it is rendered: display name, BCP 47 language tag and IANA time zone."""

    name: str
    language: str
    time_zone: str


@dataclass(frozen=True)
class Item:
    """One message of a digest: subject (one line), body as plain text, and the words and address of its link."""

    subject: str
    body: str
    action: str
    url: str


def templates() -> list[str]:
    """The names of all templates."""
    return sorted(phrasebook.phrases(DEFAULT_LANGUAGE))


def spoken(language: str) -> str:
    """The language we write in to somebody with this tag: its primary part, or English where we have no words."""
    primary = language.split("-")[0]
    return primary if primary in DIRECTIONS else DEFAULT_LANGUAGE


def render(
    template: str, parameters: Mapping[str, str], reader: Reader, *, link: str, console_url: str, reference: str
) -> Content:
    """The message as `reader` shall see it; `link` is a path of the console. Raises CannotRender."""
    language = spoken(reader.language)
    words = _words(parameters, reader, console_url.rstrip("/") + link, reference)
    try:
        page = HTML.get_template(f"{language}/{template}")
        plain = PLAIN.get_template(f"{language}/{template}")
        subject = _line(plain, "subject", words)
        html = page.render(layout=HTML.get_template("_layout/page.html"), subject=subject, **words)
        text = plain.render(layout=PLAIN.get_template("_layout/page.txt"), **words)
    except (TemplateError, ValueError) as error:
        raise CannotRender(f"{language}/{template}: {error}") from error
    return Content(language=language, subject=subject, text=text.strip() + "\n", html=html.strip() + "\n", link=link)


def render_item(template: str, parameters: Mapping[str, str], reader: Reader, *, link: str, console_url: str) -> Item:
    """The message as a part of a digest. Raises CannotRender."""
    url = console_url.rstrip("/") + link
    words = _words(parameters, reader, url, "")
    try:
        plain = PLAIN.get_template(f"{spoken(reader.language)}/{template}")
        body = "".join(plain.blocks["body"](plain.new_context(words)))
        return Item(_line(plain, "subject", words), body.strip(), _line(plain, "action", words), url)
    except (TemplateError, ValueError) as error:
        raise CannotRender(f"{spoken(reader.language)}/{template}: {error}") from error


def render_digest(items: Sequence[Item], reader: Reader, *, link: str, console_url: str, reference: str) -> Content:
    """Several messages in one letter, in the order given."""
    language = spoken(reader.language)
    subject = WORDS[language]["digest"]["subject"].format(count=len(items))
    words = _words({}, reader, console_url.rstrip("/") + link, reference) | {"items": items, "subject": subject}
    html = HTML.get_template("_layout/digest.html").render(layout=HTML.get_template("_layout/page.html"), **words)
    text = PLAIN.get_template("_layout/digest.txt").render(layout=PLAIN.get_template("_layout/page.txt"), **words)
    return Content(language=language, subject=subject, text=text.strip() + "\n", html=html.strip() + "\n", link=link)


def _words(parameters: Mapping[str, str], reader: Reader, url: str, reference: str) -> dict[str, Any]:
    language = spoken(reader.language)
    return {
        **{name: " ".join(value.split()) for name, value in parameters.items()},
        "reader": reader,
        "language": language,
        "direction": DIRECTIONS[language],
        "words": WORDS[language],
        "url": url,
        "reference": reference,
    }


def _line(template: Template, block: str, words: dict[str, Any]) -> str:
    return " ".join("".join(template.blocks[block](template.new_context(words))).split())


def _locale(reader: Reader) -> Locale:
    language = spoken(reader.language)
    if reader.language.startswith(f"{language}-"):
        try:
            return Locale.parse(reader.language, sep="-")
        except UnknownLocaleError:
            pass
    return Locale.parse(LOCALES[language])


@pass_context
def _day(context: Context, value: str) -> str:
    """A date, as `12 December 2026`; a moment is taken as its day where the reader is."""
    reader: Reader = context["reader"]
    if "T" not in value:
        return format_date(datetime.fromisoformat(value).date(), "long", locale=_locale(reader))
    there = datetime.fromisoformat(value).astimezone(ZoneInfo(reader.time_zone))
    return format_date(there.date(), "long", locale=_locale(reader))


@pass_context
def _moment(context: Context, value: str) -> str:
    """A date, time and the name of the zone it is told in, which is the reader's."""
    reader: Reader = context["reader"]
    there = datetime.fromisoformat(value).astimezone(ZoneInfo(reader.time_zone))
    comma = context["words"]["comma"]
    return f"{_day(context, value)}{comma} {there:%H:%M} ({get_timezone_name(there, locale=_locale(reader))})"


@pass_context
def _country(context: Context, code: str) -> str:
    """The name of a country in the reader's language."""
    reader: Reader = context["reader"]
    return str(_locale(reader).territories.get(code, code))


def _coded(kind: str) -> Callable[[Context, str], str]:
    """A filter that puts the codes of one kind into the reader's language."""

    @pass_context
    def put(context: Context, code: str) -> str:
        phrases: Mapping[str, str] = context["words"][kind]
        if code not in phrases:
            raise ValueError(f"no words for the {kind} {code}")
        return phrases[code]

    return put


@pass_context
def _term(context: Context, value: str) -> str | Markup:
    """A name from outside, kept from disturbing the direction of the sentence around it."""
    if context.eval_ctx.autoescape:
        return Markup("<strong><bdi>{}</bdi></strong>").format(value)
    return f"{FIRST_STRONG_ISOLATE}{value}{POP_ISOLATE}" if context["direction"] == "rtl" else value


def _paragraphs(body: str) -> Markup:
    """Blank lines part paragraphs; what is already markup stays so."""
    parts = (part.strip() for part in escape(body).split("\n\n"))
    style = "margin:0 0 16px"
    return Markup("\n").join(Markup('<p style="{}">{}</p>').format(style, part) for part in parts if part)


def _environment(*, autoescape: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), FunctionLoader(phrasebook.source)]),
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(day=_day, moment=_moment, country=_country, term=_term, paragraphs=_paragraphs)
    environment.filters.update({kind: _coded(kind) for kind in CODES})
    return environment


HTML = _environment(autoescape=True)
PLAIN = _environment(autoescape=False)
