"""Reads what messages say: one file for each family of messages and language, with subject, body and button of each.

A template's name is unique over all families, because facts and stored messages carry it.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from chassis.data_files import read_yaml

TEMPLATES = Path(__file__).with_name("templates")
LAYOUT = TEMPLATES / "_layout"
PARTS = ("subject", "body", "action")
SOURCE = """{{% extends layout %}}
{{% block subject %}}{subject}{{% endblock %}}
{{% block body %}}
{body}
{{% endblock %}}
{{% block action %}}{action}{{% endblock %}}
"""

Phrases = Mapping[str, Mapping[str, str]]


class PhrasebookError(Exception):
    """A file of phrases is wrong; the message names it and the template."""


def families() -> list[str]:
    """The families of messages: the folders."""
    return sorted(folder.name for folder in TEMPLATES.iterdir() if folder.is_dir() and not folder.name.startswith("_"))


@cache
def phrases(language: str) -> Phrases:
    """What each template says in a language. Raises PhrasebookError."""
    found: dict[str, Mapping[str, str]] = {}
    for family in families():
        path = TEMPLATES / family / f"{language}.yaml"
        for name, parts in read_yaml(path.read_text("utf-8")).items():
            if name in found:
                raise PhrasebookError(f"{family}/{path.name}: {name} is the name of an earlier template")
            if set(parts) != set(PARTS):
                raise PhrasebookError(f"{family}/{path.name}: {name} has not just {', '.join(PARTS)}")
            found[name] = parts
    return found


def source(name: str) -> str | None:
    """The source of `<language>/<template>` for the engine; None for what is no template of ours."""
    language, _, template = name.partition("/")
    said = phrases(language).get(template) if not language.startswith("_") else None
    return SOURCE.format_map(said) if said is not None else None
