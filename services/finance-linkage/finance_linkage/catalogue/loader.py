"""Reads the products from their definition file, and refuses a definition that cannot be so."""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from typing import Any

import yaml

from chassis.data_files import read_yaml
from finance_linkage.domain import inputs
from finance_linkage.domain.money import Money
from finance_linkage.domain.product import Definition, ProductKind, Rules, Tier
from finance_linkage.domain.rules import Condition, Test

LANGUAGES = {"en", "ar"}
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class CatalogueError(Exception):
    """The definition file says something that cannot be so; the message names where."""


def load(text: str | None = None) -> dict[str, Definition]:
    """Product code -> definition, from `text` or else from the file beside this module. Raises CatalogueError."""
    if text is None:
        text = files("finance_linkage.catalogue").joinpath("products.yaml").read_text(encoding="utf-8")
    try:
        return {code: _definition(code, raw) for code, raw in read_yaml(text)["products"].items()}
    except (KeyError, TypeError, AttributeError, ValueError, yaml.YAMLError) as error:
        raise CatalogueError(f"products: {error!r}") from error


def _definition(code: str, raw: dict[str, Any]) -> Definition:
    amounts = raw["amounts"]
    least, most = Money(amounts["least"], amounts["currency"]), Money(amounts["most"], amounts["currency"])
    _demand(_CODE.fullmatch(code) is not None, code, "the code is made of small letters, digits and hyphens")
    _demand(0 < least.minor_units <= most.minor_units, code, "the least amount is above nothing and not above the most")
    _demand(re.fullmatch("[A-Z]{3}", least.currency) is not None, code, "the currency is an ISO 4217 code")
    _demand(set(raw["titles"]) == LANGUAGES, code, "titles are given in every language")
    tiers = tuple(_tier(code, one) for one in raw.get("tiers", ()))
    scores = [one.least_score for one in tiers]
    _demand(scores == sorted(set(scores), reverse=True), code, "tiers stand best first, each with a score of its own")
    _demand(bool(tiers) == bool(raw["buyer_programme"]), code, "a buyer programme sets tiers, and nobody else does")
    return Definition(
        kind=ProductKind(raw["kind"]),
        titles=dict(raw["titles"]),
        countries=tuple(sorted(raw["countries"])),
        financiers=tuple(sorted(raw["financiers"])),
        buyer_programme=raw["buyer_programme"],
        finances_lines_of=raw["finances_lines_of"],
        least=least,
        most=most,
        effective_from=_day(code, raw["effective_from"]),
        effective_until=_day(code, raw["effective_until"]) if "effective_until" in raw else None,
        tiers=tiers,
        rules=tuple(_rules(code, one, tiers) for one in raw["rules"]),
        source=" ".join(raw["source"].split()),
    )


def _tier(code: str, raw: dict[str, Any]) -> Tier:
    _demand(set(raw["titles"]) == LANGUAGES, code, f"tier {raw['code']} has a title in every language")
    _demand(0 <= raw["least_score"] <= 100, code, f"tier {raw['code']} begins between 0 and 100")
    return Tier(raw["code"], raw["least_score"], dict(raw["titles"]))


def _rules(code: str, raw: dict[str, Any], tiers: Sequence[Tier]) -> Rules:
    conditions = tuple(_condition(code, one) for one in raw["conditions"])
    names = [one.code for one in conditions]
    _demand(len(names) == len(set(names)) > 0, code, f"conditions of {raw['version']} have a code each")
    decisive = [[one.code, one.input, one.needed, one.group] for one in conditions]
    content = json.dumps([decisive, [[one.code, one.least_score] for one in tiers]], sort_keys=True)
    digest = hashlib.sha256(content.encode()).hexdigest()[:12]
    return Rules(f"{raw['version']}-{digest}", _day(code, raw["effective_from"]), conditions, raw["source"].strip())


def _condition(code: str, raw: dict[str, Any]) -> Condition:
    test, against = Test(raw["test"]), raw.get("against")
    where = f"condition {raw['code']}"
    _demand(raw["input"] in inputs.CODES, code, f"{where} names an input that there is")
    _demand(set(raw["texts"]) == LANGUAGES, code, f"{where} is said in every language")
    if test is Test.KNOWN:
        _demand(against is None, code, f"{where} compares with nothing")
    else:
        _demand(isinstance(against, str if test is Test.IS else int), code, f"{where} compares with what fits its test")
    fresh_days = raw.get("fresh_days")
    _demand(fresh_days is None or fresh_days > 0, code, f"{where} stays fresh for some days")
    return Condition(raw["code"], raw["input"], test, against, fresh_days, raw.get("group", ""), dict(raw["texts"]))


def _day(code: str, value: object) -> date:
    if not isinstance(value, date):
        raise CatalogueError(f"{code}: {value!r} is no day")
    return value


def _demand(holds: bool, code: str, rule: str) -> None:
    if not holds:
        raise CatalogueError(f"{code}: not so: {rule}")
