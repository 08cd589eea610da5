"""Reads the country programmes from their definition file, and refuses a definition that cannot be so."""

import re
from datetime import date
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from chassis.data_files import read_yaml
from programme.domain.country_programme import Clock, Definition


class DefinitionError(Exception):
    """The definition file says something that cannot be so; the message names where."""


_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


def load(text: str | None = None) -> dict[str, Definition]:
    """Country code -> definition, from `text` or else from the file beside this module. Raises DefinitionError."""
    if text is None:
        text = files("programme").joinpath("country_programmes.yaml").read_text(encoding="utf-8")
    try:
        return {country: _definition(raw) for country, raw in read_yaml(text)["country_programmes"].items()}
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise DefinitionError(f"country programmes: {error!r}") from error


def _definition(raw: dict[str, Any]) -> Definition:
    languages, time_zone = raw["languages"], raw["time_zone"]
    for tag in languages["tags"]:
        if not _LANGUAGE.fullmatch(tag):
            raise DefinitionError(f"{raw['display_name']}: {tag} is not a language tag (BCP 47)")
    try:
        ZoneInfo(time_zone["name"])
    except (ZoneInfoNotFoundError, ValueError):
        raise DefinitionError(f"{raw['display_name']}: {time_zone['name']} is not an IANA time zone") from None
    sources = {"languages": languages["source"], "time_zone": time_zone["source"]}
    return Definition(
        display_name=raw["display_name"],
        languages=tuple(languages["tags"]),
        time_zone=time_zone["name"],
        clocks=tuple(_clock(raw["display_name"], clock) for clock in raw["clocks"]),
        unconfirmed=tuple(name for name, source in sources.items() if not source),
    )


def _clock(country: str, raw: dict[str, Any]) -> Clock:
    clock = Clock(raw["kind"], raw["days"], raw["effective_from"], (raw.get("source") or "").strip())
    if not isinstance(clock.days, int) or clock.days < 1:
        raise DefinitionError(f"{country}: clock {clock.kind} needs a number of days")
    if not isinstance(clock.effective_from, date):
        raise DefinitionError(f"{country}: clock {clock.kind} needs the day it runs from")
    return clock
