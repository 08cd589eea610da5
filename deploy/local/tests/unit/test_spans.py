"""A trace is printed as what caused what, whoever wrote the spans and in whatever order."""

import json
from pathlib import Path
from typing import Any

from local_stack import spans

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
START = 1_700_000_000_000_000_000


def span(span_id: str, parent_id: str, name: str, service: str, start_ms: int, took_ms: int, **more: Any) -> str:
    start = START + start_ms * 1_000_000
    content = {
        "trace_id": TRACE,
        "span_id": span_id,
        "parent_id": parent_id,
        "name": name,
        "service": service,
        "kind": "INTERNAL",
        "start_ns": start,
        "end_ns": start + took_ms * 1_000_000,
        "status": "UNSET",
        "attributes": {},
        "links": [],
        **more,
    }
    return json.dumps(content) + "\n"


def test_spans_of_several_services_form_one_indented_page(tmp_path: Path) -> None:
    (tmp_path / "console.jsonl").write_text(span("a", "", "page POST /plan", "console", 0, 30))
    (tmp_path / "notifications.jsonl").write_text(
        span("d", "c", "process ReportReleased", "notifications", 60, 5, status="ERROR", status_detail="NotYet")
    )
    (tmp_path / "assessment.jsonl").write_text(
        span("c", "b", "publish assessment-assessments", "assessment", 40, 4)
        + span("b", "a", "rpc ReleaseAssessment", "assessment", 5, 20)
        + span("x", "", "rpc GetReport", "assessment", 5, 20, trace_id="0" * 32)
    )
    lines = spans.page(TRACE, spans.read(tmp_path, [TRACE])[TRACE]).splitlines()
    assert lines[0] == f"trace {TRACE}, 2023-11-14 22:13:20 UTC: 4 spans in 3 services, 65.0 ms"
    assert [" ".join(line.split()) for line in lines[1:]] == [
        "+0.0 ms 30.0 ms console page POST /plan",
        "+5.0 ms 20.0 ms assessment rpc ReleaseAssessment",
        "+40.0 ms 4.0 ms assessment publish assessment-assessments",
        "+60.0 ms 5.0 ms notifications process ReportReleased ERROR NotYet",
    ]
    indents = [line.index(word) for line, word in zip(lines[1:], ("page", "rpc", "publish", "process"), strict=True)]
    assert indents == sorted(set(indents))


def test_a_span_whose_parent_was_lost_still_shows(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(span("b", "gone", "process X", "programme", 0, 1) + '{"trace_id": "' + TRACE)
    assert "process X" in spans.page(TRACE, spans.read(tmp_path, [TRACE])[TRACE])


def test_only_what_concerns_an_event_is_shown_of_a_request_that_did_many_things(tmp_path: Path) -> None:
    carries = [{"attributes": {"messaging.message.id": event}} for event in ("e1", "e2")]
    (tmp_path / "a.jsonl").write_text(
        span("a", "", "rpc ImportFactories", "programme", 0, 9)
        + span("b", "a", "publish one", "programme", 1, 1, **carries[0])
        + span("c", "b", "process one", "assessment", 2, 1)
        + span("d", "a", "publish two", "programme", 1, 1, **carries[1])
        + span("e", "d", "process two", "assessment", 2, 1)
    )
    whole = spans.read(tmp_path, [TRACE])[TRACE]
    assert {one.span_id for one in spans.about(whole, {"e2"})} == {"a", "d", "e"}
    assert spans.about(whole, {"private"}) == whole


def test_an_unknown_trace_says_so(tmp_path: Path) -> None:
    assert spans.page(TRACE, spans.read(tmp_path, [TRACE])[TRACE]) == f"trace {TRACE}: no span is kept"
