"""Every text in every language, every placeholder in both, every key used and every used key there."""

import re
import string
from collections.abc import Mapping

import pytest

from console.texts import LANGUAGES, PACKAGE, catalogue, language, say

NAMED = re.compile(r"""["']([a-z_]+\.[A-Za-z0-9_-]+)["']""")
FAMILY = re.compile(
    r"""(?:coded|worded)\(\s*["']([a-z_]+\.[a-z_]+)["']|["']([a-z_]+\.[a-z_]+)_["']\s*~|f["']([a-z_]+\.[a-z_]+)_\{"""
)
OF_CODES = (
    "capture.finding",
    "capture.yes_no",
    "consent.scope",
    "timeline.audience",
    "timeline.channel",
    "timeline.failure",
    "factory.value_reason",
    "assessment.return",
)
"""Families whose name and code meet in more than one step."""
EVERY_PAGE = {"menu", "done", "tab"}
"""First words of keys that the kit asks of every page by its name."""


def forms(entry: object) -> list[str]:
    return [entry] if isinstance(entry, str) else list(entry.values()) if isinstance(entry, Mapping) else []


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def sources() -> str:
    return "\n".join(path.read_text() for path in PACKAGE.rglob("*") if path.suffix in {".py", ".html"})


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_a_text_is_there_in_every_language_with_the_same_placeholders(key: str) -> None:
    entry = catalogue()[key]
    assert set(entry) == set(LANGUAGES), key
    named = []
    for code, spoken in LANGUAGES.items():
        found = forms(entry[code])
        assert found, f"{key} has nothing in {code}"
        assert all(isinstance(text, str) and text.strip() for text in found), f"{key} is empty in {code}"
        if not isinstance(entry[code], str):
            assert set(entry[code]) == set(spoken.locale.plural_form.tags) | {"other"}, (
                f"{key} lacks plural forms in {code}"
            )
        named.append(set().union(*map(placeholders, found)))
    assert all(one - {"count"} == named[0] - {"count"} for one in named), f"{key} differs in placeholders"


def families() -> set[str]:
    return {name for found in FAMILY.findall(sources()) for name in found if name} | set(OF_CODES)


def test_every_key_that_is_said_exists() -> None:
    said = set(re.findall(r"""(?:\bt|\.say)\(\s*["']([a-z_]+\.[A-Za-z_-]+)["']\s*[,)]""", sources()))
    assert len(said) > 100
    assert said <= set(catalogue())


def test_every_family_of_codes_has_words() -> None:
    for family in families() - {"kit.reason"}:
        assert any(key.startswith(f"{family}_") for key in catalogue()), family


def test_no_text_is_left_over() -> None:
    """A key is used by its full name, belongs to a family of codes, or is one that the kit asks of every page."""
    named, prefixes = set(NAMED.findall(sources())), tuple(f"{family}_" for family in families())
    left = [key for key in catalogue() if key not in named and not key.startswith(prefixes)]
    assert [key for key in left if key.split(".")[1].split("_")[0] not in EVERY_PAGE] == []


def test_arabic_chooses_its_six_plural_forms() -> None:
    spoken = LANGUAGES["ar"]
    said = {say("home.unread", spoken, count=count) for count in (0, 1, 2, 3, 11, 100)}
    assert len(said) >= 5


def test_a_language_is_found_by_its_tag() -> None:
    assert language("ar-JO") is LANGUAGES["ar"]
    assert language("en_GB") is LANGUAGES["en"]
    assert language("fr") is None
    assert LANGUAGES["ar"].direction == "rtl"
