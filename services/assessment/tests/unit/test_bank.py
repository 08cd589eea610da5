"""The committed bank is complete, and an inconsistent one is rejected with file, path and rule."""

import contextlib
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessment.bank import BankError, load_bank
from assessment.bank.generated import generated_bank
from assessment.bank.loader import COMMITTED
from assessment.domain.questions import Question

TODAY = date(2026, 11, 23)
CHILD = "questions/child-labour.yaml"


def test_the_tool_has_eight_clusters_and_38_compliance_points() -> None:
    clusters = load_bank().clusters
    assert [len(cluster.points) for cluster in clusters] == [3, 4, 4, 5, 7, 4, 8, 3]
    assert [cluster.number for cluster in clusters] == list(range(1, 9))


@pytest.mark.parametrize("cluster", ["child-labour", "occupational-safety-and-health"])
@pytest.mark.parametrize("country", ["BD", "KH", "VN", "JO"])
def test_two_clusters_are_complete_in_every_country(cluster: str, country: str) -> None:
    bank = load_bank()
    questionnaire = bank.questionnaire(country, TODAY)
    assert questionnaire
    points = {point.key for each in bank.clusters if each.key == cluster for point in each.points}
    assert {question.point for question in questionnaire.questions if question.cluster == cluster} == points


@pytest.mark.parametrize(("country", "age"), [("BD", 14), ("VN", 15), ("JO", 16), ("KH", None)])
def test_the_minimum_age_is_national_and_unconfirmed_where_no_source_says_it(country: str, age: int | None) -> None:
    questionnaire = load_bank().questionnaire(country, TODAY)
    assert questionnaire
    (threshold,) = questionnaire.by_id[f"{country.lower()}-1-1-1"].thresholds
    assert (threshold.value, threshold.source) == (age, "transparency-issues" if age else None)


def test_nothing_has_a_reference_without_a_source() -> None:
    for question in load_bank().questions:
        assert bool(question.reference.text) == (question.reference.source is not None)
        assert all(threshold.source or threshold.value is None for threshold in question.thresholds)


def test_a_questionnaire_id_is_its_content() -> None:
    bank = load_bank()
    first, again = bank.questionnaire("BD", TODAY), load_bank().questionnaire("BD", TODAY + timedelta(days=1))
    other = bank.questionnaire("KH", TODAY)
    assert first
    assert again
    assert other
    assert first.id == again.id != other.id


def test_no_questionnaire_before_the_first_question() -> None:
    assert load_bank().questionnaire("BD", date(2025, 12, 31)) is None
    assert load_bank().questionnaire("FR", TODAY) is None


def test_a_generated_bank_has_as_many_questions_as_asked() -> None:
    questionnaire = generated_bank(250).questionnaire("VN", TODAY)
    assert questionnaire
    assert len(questionnaire.scored_ids) == 250
    assert len({question.point for question in questionnaire.questions}) == 38


@pytest.fixture
def edit(tmp_path: Path) -> Callable[[str, str, str], list[str]]:
    """Changes one text of a copy of the bank (of one cluster, to be quick); returns what the loader says about it."""
    shutil.copytree(COMMITTED, tmp_path / "bank", ignore=shutil.ignore_patterns("occupational*", "*.py", "__pycache__"))

    def changed(name: str, old: str, new: str) -> list[str]:
        path = tmp_path / "bank" / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        with pytest.raises(BankError) as rejected:
            load_bank(tmp_path / "bank")
        return [str(problem) for problem in rejected.value.problems]

    return changed


Edit = Callable[[str, str, str], list[str]]
FIRST = "questions/child-labour.yaml: points[0].questions[0]"
CASES = {
    "unknown cluster": (
        (CHILD, "cluster: child-labour", "cluster: children"),
        "questions/child-labour.yaml: cluster: is an unknown cluster 'children'",
    ),
    "unknown point": (
        (CHILD, "point: child-labourers", "point: welfare-facilities"),
        "questions/child-labour.yaml: points[0].point: is not a compliance point of cluster 'child-labour': "
        "'welfare-facilities'",
    ),
    "duplicate national id": (
        (CHILD, "id: kh-1-1-1", "id: bd-1-1-1"),
        f"{FIRST}.national[1]: is a duplicate id 'bd-1-1-1', used for 'below-minimum-age' in BD",
    ),
    "duplicate global id": (
        (CHILD, "id: below-minimum-age-subcontracted", "id: below-minimum-age"),
        "questions/child-labour.yaml: points[0].questions[1].national[0]: is a duplicate of the global question "
        "'below-minimum-age' in questions/child-labour.yaml: points[0].questions[0]",
    ),
    "overlapping dates": (
        (
            CHILD,
            "          - id: kh-1-1-1\n",
            "          - {id: bd-1-1-1, country: BD, effective_from: 2027-01-01, reference: unconfirmed}\n"
            "          - id: kh-1-1-1\n",
        ),
        f"{FIRST}.national[1]: overlaps the version of 'bd-1-1-1' that starts on 2026-01-01",
    ),
    "ends before it starts": (
        (CHILD, "effective_from: 2026-01-01", "effective_from: 2026-01-01\n            effective_to: 2025-01-01"),
        f"{FIRST}.national[0]: ends on 2025-01-01, before it starts on 2026-01-01",
    ),
    "missing translation": (
        ("bank.yaml", "languages: [en]", "languages: [en, ar]"),
        f"{FIRST}.text: lacks the translation 'ar'",
    ),
    "foreign translation": (
        (CHILD, "text: {en:", "text: {xx: what, en:"),
        f"{FIRST}.text: has a translation in 'xx', which is not a language of the bank",
    ),
    "threshold without a source": (
        (CHILD, "unit: years, source: transparency-issues", "unit: years"),
        f"{FIRST}.national[0].thresholds[0]: is a threshold without a source; name one, or write 'unconfirmed'",
    ),
    "source without a value": (
        (CHILD, "value: 14, ", ""),
        f"{FIRST}.national[0].thresholds[0]: has a source but no value",
    ),
    "unknown source": (
        (CHILD, "source: zero-tolerance-2018", "source: hearsay"),
        f"{FIRST}.tags[1].source: is an unknown source 'hearsay'",
    ),
    "reference without a source": (
        (CHILD, "reference: unconfirmed", "reference: {text: Some law}"),
        f"{FIRST}.national[0].reference: lacks 'source'",
    ),
    "unknown key": ((CHILD, "reference: unconfirmed", "reference: unconfirmed\n            law: x"), None),
    "scored question answered by a number": (
        (CHILD, "answer: finding", "answer: count"),
        f"{FIRST}.answer: a scored question is answered by a finding, a context question never is",
    ),
    "unknown kind": (
        (CHILD, "answer: finding", "answer: essay"),
        f"{FIRST}.answer: must be one of finding, count, percentage, yes_no, date, not 'essay'",
    ),
    "missing finding text": ((CHILD, "finding: {en:", "findings: {en:"), f"{FIRST}: lacks 'finding'"),
    "unknown country": (
        (CHILD, "country: BD", "country: FR"),
        f"{FIRST}.national[0].country: must be one of BD, KH, VN, JO, not 'FR'",
    ),
    "day as text": (
        (CHILD, "effective_from: 2026-01-01", "effective_from: '01/01/2026'"),
        f"{FIRST}.national[0].effective_from: must be a day such as 2026-01-31",
    ),
    "id that is no key": (
        (CHILD, "id: bd-1-1-1", "id: BD.1"),
        f"{FIRST}.national[0].id: must be lower-case letters, digits and hyphens, not 'BD.1'",
    ),
    "duplicate point": (
        ("clusters.yaml", "key: hazardous-work", "key: child-labourers"),
        "clusters.yaml: clusters[0].points[1].key: is a duplicate of 'child-labourers'",
    ),
    "key written twice": (
        ("clusters.yaml", "    number: 1\n", "    number: 1\n    number: 1\n"),
        "clusters.yaml: line 4: is not valid YAML: repeated key 'number'",
    ),
    "not YAML": (("sources.yaml", "zero-tolerance-2018:", "{"), None),
}


@pytest.mark.parametrize("case", CASES)
def test_an_inconsistent_bank_is_rejected_with_file_path_and_rule(edit: Edit, case: str) -> None:
    change, message = CASES[case]
    said = edit(*change)
    assert said
    if message is not None:
        assert message in said


JUNK: tuple[Any, ...] = (
    None,
    "",
    0,
    -1,
    True,
    [],
    {},
    [1],
    {"a": 1},
    {1: 2},
    "2026-01-01",
    3.5,
    [None],
    {"en": None},
    "unconfirmed",
)


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in below:
        yield from _places(value, (*path, key))


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_wrong_the_loader_says_so_and_never_stumbles(tmp_path: Path, seed: int) -> None:
    choose = random.Random(seed)  # noqa: S311 - a repeatable choice, not a secret
    folder = tmp_path / "bank"
    shutil.copytree(COMMITTED, folder, ignore=shutil.ignore_patterns("occupational*", "*.py", "__pycache__"))
    path = folder / choose.choice(["bank.yaml", "clusters.yaml", CHILD])
    document = yaml.safe_load(path.read_text())
    *above, last = choose.choice(list(_places(document)))
    node = document
    for key in above:
        node = node[key]
    node[last] = choose.choice(JUNK)
    path.write_text(yaml.safe_dump(document))
    with contextlib.suppress(BankError):
        load_bank(folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BankError) as rejected:
        load_bank(tmp_path)
    assert "clusters.yaml: (file): is missing" in [str(problem) for problem in rejected.value.problems]


def test_a_question_is_asked_on_its_first_and_its_last_day() -> None:
    question: Question = generated_bank(1, ("BD",)).questions[0]
    assert question.effective(question.effective_from)
    assert not question.effective(question.effective_from - timedelta(days=1))
