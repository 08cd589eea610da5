"""What the environment names is not started, and the other parts are told where it is."""

from pathlib import Path

import pytest

from local_stack import parts
from local_stack.engine import NoEngine
from local_stack.layout import Layout, default_layout
from local_stack.parts import PARTS
from local_stack.plan import Plan

NAMED = {"KAFKA_BOOTSTRAP": "kafka.example:9092", "MONGODB_URI": "mongodb://db.example/?replicaSet=rs0"}
ISSUER = "https://identity.example"


def of(plan: Plan, name: str) -> dict[str, str]:
    """The environment of a part of a plan."""
    return parts.environment(next(part for part in PARTS if part.name == name), plan.values)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """An empty run folder."""
    return Layout(tmp_path)


def test_all_is_ours_when_nothing_is_named(layout: Layout) -> None:
    plan = Plan(layout, NAMED, PARTS, usual_ports=False)
    assert {part.name for part in PARTS} < {step.name for step in plan.steps()}
    assert of(plan, "programme")["OIDC_ISSUER"] == f"http://127.0.0.1:{plan.values['identity_http']}"
    plan.release()


def test_an_identity_provider_elsewhere(layout: Layout) -> None:
    plan = Plan(layout, {**NAMED, "OIDC_ISSUER": ISSUER}, PARTS, usual_ports=False)
    steps = {step.name: step for step in plan.steps()}
    assert "identity" not in steps
    assert "demo" not in steps
    assert "identity" not in steps["programme"].after
    assert plan.elsewhere()["identity"] == plan.addresses()["identity"] == ISSUER
    told = of(plan, "programme")
    assert told["OIDC_ISSUER"] == ISSUER
    assert "DEVELOPMENT_IDENTITY" not in told
    plan.release()


def test_a_mail_server_elsewhere(layout: Layout) -> None:
    plan = Plan(layout, {**NAMED, "SMTP_HOST": "mail.example", "SMTP_PORT": "587"}, PARTS, usual_ports=False)
    assert "mailbox" not in {step.name for step in plan.steps()}
    told = of(plan, "notifications")
    assert (told["SMTP_HOST"], told["SMTP_PORT"]) == ("mail.example", "587")
    assert "smtp" not in plan.addresses()
    plan.release()


def test_a_service_elsewhere(layout: Layout) -> None:
    plan = Plan(layout, {**NAMED, "TRAINING_ADDRESS": "training.example:443"}, PARTS, usual_ports=False)
    assert not {step.name for step in plan.steps()} & {"training", "training migration"}
    assert of(plan, "console")["TRAINING_ADDRESS"] == "training.example:443"
    plan.release()


def test_a_stack_of_images_has_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUN_DIR", raising=False)
    monkeypatch.delenv("STACK", raising=False)
    usual = default_layout()
    monkeypatch.setenv("STACK", "docker")
    assert default_layout().run == usual.run / "docker"


def test_without_an_engine_the_reason_is_told(monkeypatch: pytest.MonkeyPatch, layout: Layout) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoEngine, match="needs the program docker"):
        Plan(layout, {"STACK": "docker"}, PARTS, usual_ports=False)
