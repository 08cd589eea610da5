"""What probes ask of a process, and where its settings may lie, without a broker or a database."""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from chassis import heartbeat
from chassis.database import INDEXES
from chassis.faust_port import credentials
from chassis.heartbeat import Heartbeat
from chassis.kafka_clients import connection
from chassis.schema import shape
from chassis.settings import Settings, load

GOOD = {"MONGODB_URI": "mongodb://from-the-environment", "MONGODB_DATABASE": "d", "KAFKA_BOOTSTRAP": "broker:9092"}


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of secret files, and a good environment without a connection string."""
    for name, text in GOOD.items():
        monkeypatch.setenv(name, text)
    monkeypatch.delenv("MONGODB_URI")
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    return tmp_path


def test_a_loop_that_is_silent_too_long_has_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(heartbeat, "time", SimpleNamespace(monotonic=lambda: now))
    heart = Heartbeat(30)
    assert not heart.stopped(), "it has not begun"
    heart.beat()
    assert not heart.stopped()
    now += 30
    assert not heart.stopped()
    now += 0.1
    assert heart.stopped()
    heart.beat()
    assert not heart.stopped(), "it turns again"


def test_a_loop_that_ended_on_purpose_has_not_stopped() -> None:
    heart = Heartbeat(0.0)
    heart.beat()
    time.sleep(0.01)
    heart.rest()
    assert not heart.stopped()


def test_secrets_are_read_from_files(secrets: Path) -> None:
    """As a mounted Secret lays them out: a file for each key, perhaps with a line's end."""
    (secrets / "MONGODB_URI").write_text("mongodb://from-a-file\n")
    assert load(Settings).mongodb_uri == "mongodb://from-a-file"


def test_the_environment_wins_over_a_file(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (secrets / "MONGODB_URI").write_text("mongodb://from-a-file")
    monkeypatch.setenv("MONGODB_URI", GOOD["MONGODB_URI"])
    assert load(Settings).mongodb_uri == GOOD["MONGODB_URI"]


def test_a_wrong_secret_is_named_and_not_told(secrets: Path) -> None:
    (secrets / "MONGODB_URI").write_text("mongodb://x")
    (secrets / "GRPC_THREADS").write_text("a-secret-number")
    with pytest.raises(SystemExit) as ended:
        load(Settings)
    assert "setting GRPC_THREADS:" in str(ended.value)
    assert "a-secret-number" not in str(ended.value)


def test_a_missing_folder_of_secrets_ends_the_start(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRETS_DIR", str(secrets / "nowhere"))
    with pytest.raises(SystemExit) as ended:
        load(Settings)
    assert "SECRETS_DIR" in str(ended.value)


def test_sasl_needs_a_user(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (secrets / "MONGODB_URI").write_text("mongodb://x")
    monkeypatch.setenv("KAFKA_SECURITY", "SASL_SSL")
    with pytest.raises(SystemExit) as ended:
        load(Settings)
    assert "KAFKA_USERNAME and KAFKA_PASSWORD" in str(ended.value)


def test_both_kafka_clients_sign_in_alike() -> None:
    settings = Settings(
        mongodb_uri="mongodb://x",
        mongodb_database="d",
        kafka_bootstrap="broker:9093",
        kafka_security="SASL_SSL",
        kafka_username="training",
        kafka_password="hidden",  # noqa: S106 - a test's
    )
    plain, faust = connection(settings), credentials(settings)
    assert (plain["security_protocol"], plain["sasl_mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")
    assert faust is not None
    assert (faust.protocol.value, faust.mechanism.value) == ("SASL_SSL", "SCRAM-SHA-512")
    assert (faust.username, faust.password) == (plain["sasl_plain_username"], plain["sasl_plain_password"])
    assert faust.ssl_context.check_hostname
    assert "hidden" not in repr(settings)


def test_plain_text_needs_no_credentials() -> None:
    settings = Settings(mongodb_uri="mongodb://x", mongodb_database="d", kafka_bootstrap="broker:9092")
    assert credentials(settings) is None
    assert connection(settings) == {"bootstrap_servers": ["broker:9092"], "security_protocol": "PLAINTEXT"}


def test_a_new_index_is_a_new_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    before = shape([], ["timeline"])
    assert shape([], ["timeline"]) == before
    assert shape([], ["timeline", "another"]) != before
    monkeypatch.setitem(INDEXES, "tables", [])
    assert shape([], ["timeline"]) != before
