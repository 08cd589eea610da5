"""The table of rules is refused with the exact problem, and every rule of ours can be carried out."""

from pathlib import Path

import pytest

from notifications import channels, phrasebook, rendering
from notifications.planning import rules
from notifications.rules import ESCALATION_TEMPLATE, RulesError, Vocabulary, load

WORDS = Vocabulary(
    events=["a.v1.Happened"],
    audiences=["us"],
    topics={"gossip": False, "law": True},
    traits=["loud"],
    templates=["news"],
    pages=["here"],
    channels=["email", "inbox"],
)
GOOD = """
- name: happened-to-us
  when: a.v1.Happened
  tell: us
  topic: gossip
  template: news
  opens: here
  channels: [email, inbox]
  not_after: 3d
"""


def write(folder: Path, text: str) -> Path:
    (folder / "rules.yaml").write_text(text, "utf-8")
    return folder


def test_it_reads_a_rule(tmp_path: Path) -> None:
    (rule,) = load(WORDS, write(tmp_path, GOOD))
    assert (rule.name, rule.channels, rule.not_after.days) == ("happened-to-us", ("email", "inbox"), 3)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("a.v1.Happened", "a.v1.Hapened", "unknown fact 'a.v1.Hapened' (known: a.v1.Happened)"),
        ("tell: us", "tell: them", "unknown audience 'them' (known: us)"),
        ("template: news", "template: olds", "unknown template 'olds' (known: news)"),
        ("opens: here", "opens: there", "unknown page 'there' (known: here)"),
        ("[email, inbox]", "[email, pigeon]", "unknown channel 'pigeon' (known: email, inbox)"),
        ("[email, inbox]", "[email, email]", "a channel is named twice"),
        ("[email, inbox]", "[]", "channels is a list of at least one channel"),
        ("[email, inbox]", "email", "channels is a list of at least one channel"),
        ("3d", "soon", "not_after 'soon' is not a period such as 12h or 3d"),
        ("3d", "0d", "not_after '0d' is not a period such as 12h or 3d"),
        ("  tell: us\n", "", "'tell' is missing"),
        ("  tell: us\n", "  tell: us\n  colour: red\n", "unknown field 'colour'"),
        ("topic: gossip", "topic: chat", "unknown topic 'chat' (known: gossip, law)"),
        ("3d", "3d\n  only: quiet", "unknown trait 'quiet' (known: loud)"),
        ("3d", "3d\n  urgent: perhaps", "urgent is true or false"),
        ("3d", "3d\n  escalate_to: us", "acknowledge_within and escalate_to stand together"),
        ("gossip", "law\n  acknowledge_within: 1d", "acknowledge_within and escalate_to stand together"),
        (
            "gossip",
            "law\n  acknowledge_within: 1w\n  escalate_to: us",
            "acknowledge_within '1w' is not a period such as 12h or 3d",
        ),
        ("gossip", "law\n  acknowledge_within: 1d\n  escalate_to: them", "unknown audience 'them' (known: us)"),
        (
            "3d",
            "3d\n  acknowledge_within: 1d\n  escalate_to: us",
            "what must be acknowledged must arrive, so its topic is a legal notice",
        ),
        ("happened-to-us", "Happened To Us", "a name is written in lower case with hyphens"),
    ],
)
def test_it_names_the_problem_and_the_rule(tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(RulesError) as refused:
        load(WORDS, write(tmp_path, GOOD.replace(old, new)))
    name = "Happened To Us" if new == "Happened To Us" else "happened-to-us"
    assert str(refused.value) == f"rules.yaml: rule 1 ({name}): {problem}"


def test_it_refuses_a_repeated_name_and_what_is_no_rule(tmp_path: Path) -> None:
    with pytest.raises(RulesError) as refused:
        load(WORDS, write(tmp_path, GOOD + GOOD + "\n- just words\n"))
    assert str(refused.value).splitlines() == [
        "rules.yaml: rule 3: fields are expected (name, when, tell, topic, template, opens, channels, not_after)",
        "rules.yaml: rule 2 (happened-to-us): the name is taken by an earlier rule",
    ]


@pytest.mark.parametrize("text", ["rules: {}", "- [", "\x00"])
def test_it_refuses_what_is_not_a_list(tmp_path: Path, text: str) -> None:
    with pytest.raises(RulesError, match=r"^rules\.yaml: (a list of rules is expected|not readable as YAML)"):
        load(WORDS, write(tmp_path, text))


def test_every_template_speaks_every_language() -> None:
    said = {language: set(phrasebook.phrases(language)) for language in rendering.DIRECTIONS}
    assert len({frozenset(names) for names in said.values()}) == 1, said
    for family in phrasebook.families():
        assert {path.stem for path in (phrasebook.TEMPLATES / family).iterdir()} == set(rendering.DIRECTIONS), family


def test_every_template_is_used() -> None:
    used = {rule.template for rule in rules()} | {ESCALATION_TEMPLATE}
    assert set(rendering.templates()) == used


def test_every_channel_opens_from_its_folder() -> None:
    assert channels.names() == ["email", "inbox"]
    for name in channels.names():
        assert callable(channels.transport(name).open_channel)
