"""The chassis is mechanism: it could serve any company, and knows Faust under one rule only."""

import ast
import re

import pytest

from .sources import ROOT, Module, modules

BUSINESS_WORDS = (
    "factory|factories|assessment|assessor|advisor|compliance|questionnaire|brand|buyer|ministry|financier|consent|"
    "programme|training|finance|referral|remediation|garment|labour|country|visit|finding|inbox|recipient"
)
WORD = re.compile(rf"(?<![a-z])({BUSINESS_WORDS})s?(?![a-z])", re.IGNORECASE)
ORDINARY = {
    # `default_factory` is the standard library's word, and an example of a rule needs some field to name.
    "chassis.access": {"country"},
}


def test_it_knows_no_business_word() -> None:
    found = {}
    for module in modules("chassis"):
        source = module.path.read_text().replace("default_factory", "").replace("_", " ")
        words = {match.group(1).lower() for match in WORD.finditer(source)}
        found[module.name] = words - ORDINARY.get(module.name, set())
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("library", ["confluent_kafka", "aiokafka", "motor", "requests"])
def test_it_never_needs_a_second_library_for_the_same_thing(library: str) -> None:
    assert {module.name for module in modules("chassis") if module.imports_from(library)} == set()


def _agents() -> list[tuple[Module, ast.AsyncFunctionDef, ast.Call]]:
    found = []
    for module in modules("chassis"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
                for decorator in node.decorator_list:
                    if "agent" in ast.unparse(decorator):
                        assert isinstance(node, ast.AsyncFunctionDef)
                        assert isinstance(decorator, ast.Call), "an agent needs its arguments"
                        found.append((module, node, decorator))
    return found


def test_the_only_agent_acknowledges_after_the_handler() -> None:
    ((module, agent, decorator),) = _agents()
    assert module.name == "chassis.faust_port"
    arguments = {word.arg: ast.unparse(word.value) for word in decorator.keywords}
    assert arguments == {"concurrency": "1", "supervisor_strategy": "CrashingSupervisor"}
    body = ast.unparse(agent)
    assert "noack_take(" in body
    assert body.index("self._handle") < body.index(".ack()")
    assert not any(isinstance(node, ast.Try) for node in ast.walk(agent)), "a caught error would be acknowledged"


@pytest.mark.parametrize(
    "line",
    [
        "processing_guarantee='at_least_once'",
        "consumer_auto_offset_reset='earliest'",
        "web_enabled=False",
        "topic_allow_declare=False",
        "topic_disable_leader=True",
        "store='memory://'",
    ],
)
def test_faust_is_set_up_under_the_rule(line: str) -> None:
    port = next(module for module in modules("chassis") if module.name == "chassis.faust_port")
    calls = [ast.unparse(node) for node in ast.walk(port.tree) if isinstance(node, ast.Call)]
    app = next(call for call in calls if call.startswith("faust.App("))
    assert line in app
    assert (
        "table"
        not in ast.unparse(port.tree)
        .replace("table_standby_replicas=0", "")
        .replace('"""', "")
        .split("class FaustPort", 1)[1]
    )


def test_the_exact_version_of_faust_is_pinned() -> None:
    assert re.search(r'"faust-streaming(\[[^]]+\])?==\d+\.\d+\.\d+"', (ROOT / "chassis/pyproject.toml").read_text())
