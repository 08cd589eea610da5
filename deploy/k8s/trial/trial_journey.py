"""The main journey over gRPC: plan, visit, answer, submit, release; then the timeline and the messages about it."""

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import grpc

from amplify.assessment.v1.assessment_pb2 import Finding, Window
from amplify.assessment.v1.assessment_service_pb2 import SubmitAssessmentRequest
from amplify.assessment.v1.planning_pb2 import PlanAssessmentRequest
from amplify.assessment.v1.questionnaire_pb2 import ANSWER_KIND_FINDING
from amplify.assessment.v1.recording_pb2 import AnswerOperation, RecordAnswersRequest
from amplify.programme.v1.timeline_service_pb2 import ListTimelineEntriesRequest
from amplify.programme.v1.timeline_service_pb2_grpc import TimelineServiceStub
from console.clients.assessment import Assessment
from console.clients.channel import Line, connect
from console.times import day_message
from local_stack import tokens
from local_stack.people import directory

FACTORY = "bd-1001"
SECONDS = 20.0
PATIENCE = 120.0


def walk(channel: Callable[[str, str], grpc.Channel], issuer: str) -> dict[str, Any]:
    """Walk it once; what was seen at its end."""
    line = connect("assessment:50051")

    def acting(person: str) -> Assessment:
        return Assessment(line, Line("assessment", tokens.person_token(issuer, person), SECONDS))

    key, name = _plan(acting("team-leader")), ""
    advisor = acting("advisor-1")
    advisor.start(key, "", str(uuid4()))
    name = f"assessments/{key}"
    asked = advisor.questionnaire(advisor.assessment(key).questionnaire).questions
    operations = [_answer(one.question_id) for one in asked if one.answer_kind == ANSWER_KIND_FINDING]
    operations[0].finding = Finding.FINDING_NON_COMPLIANT
    advisor.record(RecordAnswersRequest(name=name, operations=operations, request_id=str(uuid4())))
    advisor.submit(SubmitAssessmentRequest(name=name, request_id=str(uuid4())))
    acting("team-leader").release(key, "", str(uuid4()))
    line.close()
    events = _timeline(channel, name)
    return {"answers": len(operations), "timeline": events, "messages": _messages()}


def _plan(leader: Assessment) -> str:
    people = {person.key: person.sub for person in directory().people}
    key, today = str(uuid4()), datetime.now(ZoneInfo("Asia/Dhaka")).date()
    leader.plan(
        PlanAssessmentRequest(
            assessment_id=key,
            factory=f"factories/{FACTORY}",
            team_leader=people["team-leader"],
            advisors=[people["advisor-1"], people["advisor-2"]],
            window=Window(first_day=day_message(today), last_day=day_message(today + timedelta(days=1))),
            on_site_days=[day_message(today)],
            request_id=str(uuid4()),
        )
    )
    return key


def _answer(question: str) -> AnswerOperation:
    operation = AnswerOperation(
        operation_id=str(uuid4()), question_id=question, finding=Finding.FINDING_COMPLIANT, note="Seen on site."
    )
    operation.answer_time.FromDatetime(datetime.now(ZoneInfo("UTC")))
    return operation


def _timeline(channel: Callable[[str, str], grpc.Channel], name: str) -> list[str]:
    wanted = {"AssessmentStarted", "AssessmentSubmitted", "ReportReleased"}
    with channel("programme", "programme-officer") as line:
        stub, end, seen = TimelineServiceStub(line), time.monotonic() + PATIENCE, list[str]()
        while time.monotonic() < end and not wanted <= set(seen):
            entries = stub.ListTimelineEntries(
                ListTimelineEntriesRequest(parent=f"factories/{FACTORY}", services=["assessment"])
            ).timeline_entries
            seen = sorted(one.event.rsplit(".", 1)[-1] for one in entries if one.subject == name)
            time.sleep(0.5)
    if not wanted <= set(seen):
        raise SystemExit(f"the timeline shows only {seen}")
    return seen


def _messages() -> dict[str, int]:
    """Messages in the mailbox by person, and how many of them were there twice."""
    end, found = time.monotonic() + PATIENCE, list[dict[str, Any]]()
    to = urllib.parse.urlencode({"to": "factory-manager-bd@example.org"})
    while time.monotonic() < end and not found:
        with urllib.request.urlopen(f"http://mailbox:8025/api/messages?{to}", timeout=10) as answer:
            found = json.load(answer)
        time.sleep(0.5)
    names = [str(one.get("message_id")) for one in found]
    return {"to the factory": len(found), "sent twice": len(names) - len(set(names))}
