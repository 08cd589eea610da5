"""Every text in every language, every placeholder in both, every key used and every used key there."""

import re
import string
from collections.abc import Mapping

import pytest

from console.texts import LANGUAGES, PACKAGE, catalogue, language, say

USE = re.compile(r"""(?:\bt|\bsay)\(\s*["']([a-z_]+\.[A-Za-z_-]+)["']""")
PREFIX = re.compile(
    r"""["']([a-z_]+\.[A-Za-z_]+)["'](?:\s*~|\s*,\s*[a-z])|f["']([a-z_]+\.[a-z_]+_)\{|["']([a-z_]+\.[a-z_]+_)["']\s*~"""
)


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


def test_every_key_that_is_named_exists() -> None:
    missing = {key for key in USE.findall(sources()) if key not in catalogue()} - {"kit.service_", "kit.role"}
    assert not {
        key for key in missing if not any(known.startswith(key + "_") or known.startswith(key) for known in catalogue())
    }


def test_no_text_is_left_over() -> None:
    """A key is used by its full name, or belongs to a family whose prefix the code names (`kit.role_…`)."""
    code = sources()
    literal = set(re.findall(r"""["']([a-z_]+\.[A-Za-z0-9_-]+)["']""", code))
    prefixes = {name for found in re.findall(r"""["']([a-z_]+\.[a-z_]+)(?:_\{|["'])""", code) for name in [found]}
    families = {"menu", "done"}
    unused = [
        key
        for key in catalogue()
        if key not in literal
        and not any(
            key.startswith(prefix + "_") or (prefix.endswith("_") and key.startswith(prefix)) for prefix in prefixes
        )
        and key.split(".")[1].split("_")[0] not in families
    ]
    assert not unused


def test_arabic_chooses_its_six_plural_forms() -> None:
    spoken = LANGUAGES["ar"]
    said = {say("home.unread", spoken, count=count) for count in (0, 1, 2, 3, 11, 100)}
    assert len(said) >= 5


def test_a_language_is_found_by_its_tag() -> None:
    assert language("ar-JO") is LANGUAGES["ar"]
    assert language("en_GB") is LANGUAGES["en"]
    assert language("fr") is None
    assert LANGUAGES["ar"].direction == "rtl"
