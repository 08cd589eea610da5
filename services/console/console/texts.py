"""The words of the console in each language, kept as YAML beside the pages that say them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel import Locale

from chassis.data_files import read_yaml

PACKAGE = Path(__file__).parent

Entry = Mapping[str, str | Mapping[str, str]]
"""By language: a sentence with `{placeholders}`, or its plural forms by CLDR category, chosen by `count`."""


@dataclass(frozen=True)
class Language:
    """A language of the interface. `name` is what its own readers call it."""

    code: str
    name: str
    locale: Locale = field(compare=False)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as HTML declares it."""
        return str(self.locale.text_direction)


LANGUAGES = {
    "en": Language("en", "English", Locale.parse("en_GB")),
    "ar": Language("ar", "العربية", Locale.parse("ar")),
}
DEFAULT = LANGUAGES["en"]


@dataclass(frozen=True)
class Said:
    """A text with the language it is in, which may not be the reader's."""

    text: str
    language: str


def said(texts: Mapping[str, str], spoken: Language) -> Said:
    """The text in the reader's language; in English, and marked so, where a service has no other."""
    code = spoken.code if spoken.code in texts else "en"
    return Said(texts.get(code) or next(iter(texts.values()), ""), code)


def language(code: str | None) -> Language | None:
    """The interface language for a tag such as `ar-JO`; None where the console does not speak it."""
    return LANGUAGES.get((code or "").replace("_", "-").split("-")[0].lower())


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every text, by `<folder>.<key>`; read once from `kit/texts.yaml` and `pages/*/texts.yaml`."""
    found: dict[str, Entry] = {}
    for path in sorted([PACKAGE / "kit" / "texts.yaml", *PACKAGE.glob("pages/*/texts.yaml")]):
        for key, entry in (read_yaml(path.read_text(encoding="utf-8")) or {}).items():
            found[f"{path.parent.name}.{key}"] = entry
    return found


def say(key: str, spoken: Language, **values: object) -> str:
    """The text with its placeholders filled; raises KeyError for a key that does not exist."""
    text = catalogue()[key][spoken.code]
    if not isinstance(text, str):
        count = values["count"]
        text = text[spoken.locale.plural_form(count)]  # type: ignore[arg-type]
    return text.format(**values)


def knows(key: str) -> bool:
    """Whether there is such a text; for codes of services, which may be newer than this console."""
    return key in catalogue()


def coded(family: str, code: str, spoken: Language) -> str:
    """The word for a code of a service; the bare code where this console has no word for it yet."""
    full = f"{family}_{code}".lower()
    return say(full, spoken) if knows(full) else code.replace("_", " ").lower()
