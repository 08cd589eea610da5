"""Without a container engine, asking for containers fails and says why."""

import pytest

from local_stack.containers import Containers, NoContainers


def test_without_an_engine_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere.sock")
    with pytest.raises(NoContainers, match="needs a container engine"):
        Containers({}).launch()


def test_what_the_environment_names_is_not_started() -> None:
    named = Containers({"KAFKA_BOOTSTRAP": "127.0.0.1:1", "MONGODB_URI": "mongodb://127.0.0.1:2"})
    named.launch()
    assert (named.bootstrap, named.uri) == ("127.0.0.1:1", "mongodb://127.0.0.1:2")
