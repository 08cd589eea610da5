"""Stored aggregates as the contract's resources."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from amplify.training.v1 import course_pb2, recommendation_pb2, session_pb2, session_service_pb2, summary_pb2
from chassis.database import Row
from training import summaries, work
from training.contracts import contract_counts, contract_date, contract_points
from training.domain.course import Definition
from training.domain.recommendation import Recommendation
from training.domain.session import Session
from training.enums import to_contract
from training.storage import courses, recommendations, sessions

_CONFIRMED = course_pb2.SOURCE_CONFIRMATION_CONFIRMED
_UNCONFIRMED = course_pb2.SOURCE_CONFIRMATION_UNCONFIRMED


def timestamp(time: datetime | None) -> Timestamp | None:
    """A moment as the contract writes it; None stays unset."""
    if time is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(time)
    return stamp


def course(row: Row) -> course_pb2.Course:
    """A course of the catalogue."""
    stored = courses.revive(row)
    said = stored.definition
    return course_pb2.Course(
        name=f"courses/{stored.id}",
        titles=said.titles,
        days=said.days,
        hours_per_day=said.hours_per_day,
        trainee_weeks=said.trainee_weeks,
        audience=map(to_contract, said.audience),
        modules=[course_pb2.CourseModule(module_key=one.key, titles=one.titles) for one in said.modules],
        default_capacity=said.default_capacity,
        min_attendance_percent=said.min_attendance_percent,
        test_max_score=said.test_max_score,
        outcome_months=said.outcome_months,
        outcome_kinds=map(to_contract, said.outcome_kinds),
        points=contract_points(said.points),
        sources=_sources(said),
        revise_time=timestamp(stored.revised_at),
        etag=courses.etag(row),
    )


def _sources(said: Definition) -> list[course_pb2.CourseSource]:
    named = [one.name for one in fields(said) if one.name != "sources"]
    return [
        course_pb2.CourseSource(
            field=name,
            source=said.sources.get(name, ""),
            source_confirmation=_CONFIRMED if said.sources.get(name) else _UNCONFIRMED,
        )
        for name in named
    ]


def session_row(row: Row) -> session_pb2.Session:
    """A session as it is stored."""
    return session(sessions.revive(row), sessions.etag(row))


def session(stored: Session, etag: str) -> session_pb2.Session:
    """A session, without its people."""
    due = stored.outcomes_due_on
    return session_pb2.Session(
        name=f"sessions/{stored.id}",
        course=f"courses/{stored.terms.course_id}",
        country=stored.plan.country,
        factory=factory_name(stored.plan.factory_id),
        invited_factories=map(factory_name, stored.plan.invited_factories),
        place=stored.plan.place,
        days=map(contract_date, stored.plan.days),
        time_zone=stored.plan.time_zone,
        trainers=stored.plan.trainers,
        capacity=stored.plan.capacity,
        state=to_contract(stored.state),
        cancel_reason=to_contract(stored.cancel_reason),
        hours_per_day=stored.terms.hours_per_day,
        min_attendance_percent=stored.terms.min_attendance_percent,
        test_max_score=stored.terms.test_max_score,
        enrolled=contract_counts(stored.enrolled),
        waiting_count=stored.waiting,
        days_without_attendance=map(contract_date, stored.open_days),
        completed=contract_counts(stored.completed),
        certificate_count=stored.certificates,
        outcomes_due_day=contract_date(due) if due else None,
        outcomes_missing_count=stored.outcomes_missing,
        schedule_time=timestamp(stored.scheduled_at),
        complete_time=timestamp(stored.completed_at),
        etag=etag,
    )


def factory_name(factory_id: str) -> str:
    """The resource name of a factory; empty for none."""
    return f"factories/{factory_id}" if factory_id else ""


def recommendation_row(row: Row) -> recommendation_pb2.Recommendation:
    """A recommendation as it is stored."""
    return recommendation(recommendations.revive(row), recommendations.etag(row))


def recommendation(stored: Recommendation, etag: str) -> recommendation_pb2.Recommendation:
    """A recommendation with its grounds."""
    return recommendation_pb2.Recommendation(
        name=f"recommendations/{stored.id}",
        factory=factory_name(stored.factory_id),
        country=stored.country,
        course=f"courses/{stored.course_id}",
        points=contract_points(stored.grounds.points),
        assessment=f"assessments/{stored.grounds.assessment_id}",
        state=to_contract(stored.state),
        dismiss_reason=to_contract(stored.dismiss_reason),
        session=f"sessions/{stored.session_id}" if stored.session_id else "",
        recommend_time=timestamp(stored.opened_at),
        close_time=timestamp(stored.closed_at),
        etag=etag,
    )


def work_count(count: work.Count) -> session_service_pb2.WorkCount:
    """How much of a kind of work waits."""
    return session_service_pb2.WorkCount(
        kind=to_contract(count.kind), count=count.count, oldest_since=timestamp(count.oldest_since)
    )


def summary(one: summaries.Summary) -> summary_pb2.TrainingSummary:
    """Indicators of one place."""
    return summary_pb2.TrainingSummary(
        factory=factory_name(one.factory_id), country=one.country, cells=map(_cell, one.cells)
    )


def _cell(cell: summaries.Cell) -> summary_pb2.TrainingSummaryCell:
    known: Mapping[str, Any] = {
        name: getattr(cell, name)
        for name in (
            "enrolled",
            "attended",
            "completed",
            "participant_hours",
            "promotion_known",
            "promoted",
            "pay_change_known",
            "mean_pay_change_permille",
        )
    }
    return summary_pb2.TrainingSummaryCell(sex=to_contract(cell.sex), role=to_contract(cell.role), **known)
