"""Rules of the chassis that need neither broker nor database."""

from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType

import ledger
import pytest
from google.protobuf.wrappers_pb2 import Int64Value
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis import clock, fail_points
from chassis.consumer import Consumer
from chassis.envelope import Envelope, Unreadable, decode, encode
from chassis.facts import PRIVATE, Depends, Routes, public
from chassis.positions import Position, Verdict
from chassis.settings import Settings, load
from chassis.view import View

GOOD = {"MONGODB_URI": "mongodb://x", "MONGODB_DATABASE": "x", "KAFKA_BOOTSTRAP": "x:9092"}


def facts_module(*kinds: type) -> ModuleType:
    """A module of facts, as a service's domain has."""
    module = ModuleType("some_facts")
    for kind in kinds:
        kind.__module__ = "some_facts"
        setattr(module, kind.__name__, kind)
    return module


def test_a_fact_without_a_route_fails_at_import_and_so_does_a_route_without_a_fact() -> None:
    """Nobody can forget to decide whether a fact is public."""

    @dataclass(frozen=True)
    class Mapped:
        pass

    @dataclass(frozen=True)
    class Forgotten:
        pass

    with pytest.raises(TypeError, match="Forgotten"):
        Routes(facts_module(Mapped, Forgotten), {Mapped: PRIVATE})
    with pytest.raises(TypeError, match="Opened"):
        Routes(facts_module(Mapped), {Mapped: PRIVATE, ledger.Opened: PRIVATE})


def test_a_route_may_depend_on_the_state() -> None:
    """The same fact is public of one aggregate and private of another."""

    @dataclass(frozen=True)
    class Happened:
        pass

    shown = public("s", lambda *_: Int64Value())
    route = Depends(lambda _, aggregate: PRIVATE if aggregate == "hidden" else shown, (PRIVATE, shown))
    routes = Routes(facts_module(Happened), {Happened: route})
    assert routes.of(Happened(), "hidden") is PRIVATE
    assert routes.of(Happened(), "open") is shown


def test_a_consumer_of_a_view_has_no_policies() -> None:
    """It is rebuilt at will, and must send nothing then."""
    with pytest.raises(TypeError, match="view"):
        Consumer("x", [], policies={Int64Value: print}, view=View("v"))


def test_policies_run_for_live_facts_only_and_projections_always() -> None:
    """What is past moves state and sends nothing."""
    both = Consumer("x", [], projections={Int64Value: print}, policies={Int64Value: repr})  # type: ignore[dict-item]
    assert both.handlers("google.protobuf.Int64Value", live=True) == [print, repr]
    assert both.handlers("google.protobuf.Int64Value", live=False) == [print]
    assert both.handlers("google.protobuf.StringValue", live=True) == []


@settings(deadline=None)
@given(st.integers(0, 5), st.integers(0, 3), st.integers(1, 8), st.booleans())
def test_a_position_judges_by_number_and_id(at: int, waiting: int, sequence: int, same: bool) -> None:
    """Against the rule in words."""
    position = Position("p", "c", "s", "k", at, "last", waiting)
    verdict = position.judge(sequence, "last" if same else "other")
    if sequence == at:
        assert verdict is (Verdict.DUPLICATE if same else Verdict.FORK)
    elif sequence < at:
        assert verdict is Verdict.DUPLICATE
    elif waiting:
        assert verdict is Verdict.BLOCKED
    else:
        assert verdict is (Verdict.NEXT if sequence == at + 1 else Verdict.GAP)


printable = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
envelopes = st.builds(
    Envelope,
    event_id=printable.filter(bool),
    type=printable.filter(bool),
    source=printable.filter(bool),
    key=printable.filter(bool),
    time=st.datetimes(timezones=st.just(UTC)),
    sequence=st.integers(1, 2**53),
    correlation_id=printable,
    causation_id=printable,
    actor=printable,
    traceparent=printable,
    extensions=st.dictionaries(st.sampled_from(["region", "class"]), printable.filter(bool)),
)


@settings(deadline=None)
@given(envelopes)
def test_an_envelope_is_read_as_it_was_written(envelope: Envelope) -> None:
    """Every attribute comes back."""
    assert decode(encode(envelope)) == envelope


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=12), st.binary(max_size=20)), max_size=8))
def test_any_headers_are_read_or_unreadable(headers: list[tuple[str, bytes]]) -> None:
    """No other exception: it would count as a handler's."""
    with pytest.raises(Unreadable):
        decode(headers)


@settings(deadline=None)
@given(envelopes, st.sampled_from(["ce_id", "ce_type", "ce_subject", "ce_time", "ce_sequence"]), st.binary(max_size=9))
def test_a_broken_attribute_is_unreadable_or_another_value(envelope: Envelope, name: str, value: bytes) -> None:
    """One header replaced by bytes."""
    headers = [(key, value if key == name else held) for key, held in encode(envelope)]
    try:
        read = decode(headers)
    except Unreadable:
        return
    assert read.sequence >= 1
    assert read.time.tzinfo is not None


@pytest.mark.parametrize("text", ["line\nbreak", "ü", "x" * 2000])
def test_a_header_that_cannot_be_sent_is_refused_at_save(text: str) -> None:
    """Not when the relay meets it."""
    with pytest.raises(ValueError, match="header"):
        encode(Envelope("i", "t", "s", text, datetime.now(UTC), 1))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GRPC_PORT", "many"),
        ("ENVIRONMENT", "staging"),
        ("GRPC_THREADS", "0"),
        ("STALL_SECONDS", "-1"),
        ("LOG_LEVEL", "chatty"),
        ("KAFKA_BOOTSTRAP", ""),
    ],
)
def test_a_wrong_setting_ends_the_start_with_its_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """And without repeating its value, which may be a secret."""
    for name, text in (GOOD | {variable: value}).items():
        monkeypatch.setenv(name, text)
    with pytest.raises(SystemExit) as ended:
        load(Settings)
    assert f"setting {variable}:" in str(ended.value)


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that are missing, at once."""
    for name in GOOD:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SystemExit) as ended:
        load(Settings)
    assert all(name in str(ended.value) for name in GOOD)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BUSINESS_CLOCK_FILE", "/tmp/x"),  # noqa: S108
        ("FAIL_POINTS", "relay.sent=kill"),
        ("DEVELOPMENT_IDENTITY", "true"),
        ("OIDC_ISSUER", "http://plain.test"),
    ],
)
def test_production_refuses_test_aids(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    """Whoever sets one by mistake learns it at start."""
    production = GOOD | {"ENVIRONMENT": "production", "OIDC_ISSUER": "https://issuer.test"}
    for name, text in production.items():
        monkeypatch.setenv(name, text)
    assert load(Settings).environment == "production"
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit) as ended:
        load(Settings)
    assert variable in str(ended.value)


@pytest.mark.parametrize(
    "specification", ["relay.unheard=kill", "relay.sent=explode", "relay.sent", "relay.sent=kill:x"]
)
def test_a_fail_point_that_does_not_exist_is_refused(specification: str) -> None:
    """Otherwise a chaos run would prove nothing."""
    with pytest.raises(ValueError):  # noqa: PT011
        fail_points.configure(specification)


def test_a_fail_point_acts_at_its_nth_passage_only() -> None:
    """`raise:3` at the third."""
    fail_points.configure("relay.sent=raise:3")
    try:
        fail_points.reach("relay.sent")
        fail_points.reach("relay.sent")
        with pytest.raises(fail_points.FailPointReached):
            fail_points.reach("relay.sent")
        fail_points.reach("relay.sent")
    finally:
        fail_points.configure("")


def test_business_time_is_cut_to_what_the_database_keeps() -> None:
    """A time that was stored equals the one that was computed."""
    assert clock.now().microsecond % 1000 == 0
    assert clock.now().tzinfo is UTC
