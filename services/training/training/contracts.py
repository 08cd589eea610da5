"""Recorded facts as the contract's messages, and the stream that each of them goes to."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from amplify.training.v1 import course_events_pb2, course_pb2, head_count_pb2, recommendation_events_pb2
from amplify.training.v1 import outcome_events_pb2 as outcomes
from amplify.training.v1 import session_events_pb2 as sessions
from chassis.facts import PRIVATE, Public, Routes, Translate, public
from training.domain import facts
from training.domain.course import Course, Point
from training.domain.people import HeadCount
from training.domain.recommendation import Recommendation
from training.domain.session import Session
from training.enums import to_contract


def contract_date(day: date) -> Date:
    """A calendar day as the contract writes it."""
    return Date(year=day.year, month=day.month, day=day.day)


def contract_counts(counts: Iterable[HeadCount]) -> list[head_count_pb2.HeadCount]:
    """Counts by sex and role."""
    return [
        head_count_pb2.HeadCount(sex=to_contract(one.sex), role=to_contract(one.role), count=one.count)
        for one in counts
    ]


def contract_points(points: Iterable[Point]) -> list[course_pb2.CoursePoint]:
    """Compliance points."""
    return [course_pb2.CoursePoint(cluster=one.cluster, point=one.point) for one in points]


def contract_time(fact: Any) -> Timestamp:
    """When a fact happened."""
    stamp = Timestamp()
    stamp.FromDatetime(fact.at)
    return stamp


def _of(session: Session) -> dict[str, Any]:
    """What every fact about a session says of it."""
    return {
        "session_id": session.id,
        "factory_id": session.plan.factory_id,
        "country": session.plan.country,
        "course_id": session.terms.course_id,
        "factory_ids": session.factory_ids,
        "trainers": session.plan.trainers,
    }


def _course_revised(fact: facts.CourseRevised, course: Course) -> course_events_pb2.CourseRevised:
    definition = course.definition
    return course_events_pb2.CourseRevised(
        course_id=fact.course_id,
        titles=definition.titles,
        days=definition.days,
        hours_per_day=definition.hours_per_day,
        audience=map(to_contract, definition.audience),
        min_attendance_percent=definition.min_attendance_percent,
        test_max_score=definition.test_max_score,
        outcome_months=definition.outcome_months,
        points=contract_points(definition.points),
    )


def _scheduled(fact: facts.SessionScheduled, session: Session) -> sessions.SessionScheduled:
    return sessions.SessionScheduled(
        **_of(session),
        days=map(contract_date, session.plan.days),
        time_zone=session.plan.time_zone,
        capacity=session.plan.capacity,
        schedule_time=contract_time(fact),
    )


def _rescheduled(fact: facts.SessionRescheduled, session: Session) -> sessions.SessionRescheduled:
    return sessions.SessionRescheduled(
        **_of(session),
        days=map(contract_date, session.plan.days),
        former_days=map(contract_date, fact.former_days),
        reschedule_time=contract_time(fact),
    )


def _updated(fact: facts.SessionUpdated, session: Session) -> sessions.SessionUpdated:
    return sessions.SessionUpdated(**_of(session), capacity=session.plan.capacity, changed=fact.changed)


def _cancelled(fact: facts.SessionCancelled, session: Session) -> sessions.SessionCancelled:
    return sessions.SessionCancelled(
        **_of(session),
        reason=to_contract(session.cancel_reason),
        first_day=contract_date(session.first_day),
        enrolled=contract_counts(session.enrolled),
        cancel_time=contract_time(fact),
    )


def _enrolments(fact: facts.EnrolmentsChanged, session: Session) -> sessions.EnrolmentsChanged:
    return sessions.EnrolmentsChanged(
        **_of(session),
        enrolled=contract_counts(session.enrolled),
        waiting_count=session.waiting,
        promoted_count=fact.promoted,
        capacity=session.plan.capacity,
    )


def _attendance(fact: facts.AttendanceRecorded, session: Session) -> sessions.AttendanceRecorded:
    return sessions.AttendanceRecorded(
        **_of(session),
        day=contract_date(fact.day),
        present=contract_counts(fact.present),
        absent_count=fact.absent,
        missing_count=fact.missing,
        late=fact.late,
    )


def _completed(fact: facts.SessionCompleted, session: Session) -> outcomes.SessionCompleted:
    return outcomes.SessionCompleted(
        **_of(session),
        first_day=contract_date(session.first_day),
        last_day=contract_date(session.last_day),
        enrolled=contract_counts(session.enrolled),
        completed=contract_counts(session.completed),
        participant_hours=fact.participant_hours,
        factories=[
            outcomes.FactoryTraining(
                factory_id=one.factory_id,
                enrolled_count=one.enrolled,
                completed=contract_counts(one.completed),
                participant_hours=one.participant_hours,
            )
            for one in fact.factories
        ],
        outcomes_due_day=contract_date(session.outcomes_due_on) if session.outcomes_due_on else None,
        complete_time=contract_time(fact),
    )


def _issued(fact: facts.CertificatesIssued, session: Session) -> outcomes.CertificatesIssued:
    return outcomes.CertificatesIssued(
        **_of(session), issued=contract_counts(fact.issued), issue_time=contract_time(fact)
    )


def _revoked(fact: facts.CertificateRevoked, session: Session) -> outcomes.CertificateRevoked:
    return outcomes.CertificateRevoked(
        **_of(session), participant_id=fact.participant_id, revoke_time=contract_time(fact)
    )


def _outcomes(fact: facts.OutcomesRecorded, session: Session) -> outcomes.OutcomesRecorded:
    return outcomes.OutcomesRecorded(
        **_of(session),
        kind=to_contract(fact.kind),
        known=contract_counts(fact.known),
        improved=contract_counts(fact.improved),
        missing_count=session.outcomes_missing,
    )


def _due(fact: facts.OutcomesDue, session: Session) -> outcomes.OutcomesDue:
    return outcomes.OutcomesDue(
        **_of(session), due_day=contract_date(fact.due_on), missing_count=session.outcomes_missing
    )


def _overdue(fact: facts.OutcomesOverdue, session: Session) -> outcomes.OutcomesOverdue:
    return outcomes.OutcomesOverdue(
        **_of(session), due_day=contract_date(fact.due_on), missing_count=session.outcomes_missing
    )


def _for(recommendation: Recommendation) -> dict[str, str]:
    return {
        "recommendation_id": recommendation.id,
        "factory_id": recommendation.factory_id,
        "country": recommendation.country,
        "course_id": recommendation.course_id,
    }


def _recommended(fact: facts.CourseRecommended, one: Recommendation) -> recommendation_events_pb2.CourseRecommended:
    return recommendation_events_pb2.CourseRecommended(
        **_for(one),
        assessment_id=one.grounds.assessment_id,
        points=contract_points(one.grounds.points),
        recommend_time=contract_time(fact),
    )


def _met(fact: facts.CourseRecommendationMet, one: Recommendation) -> recommendation_events_pb2.CourseRecommendationMet:
    return recommendation_events_pb2.CourseRecommendationMet(
        **_for(one),
        session_id=one.session_id,
        completed_count=fact.completed,
        points=contract_points(one.grounds.points),
        meet_time=contract_time(fact),
    )


def _dismissed(
    fact: facts.CourseRecommendationDismissed, one: Recommendation
) -> recommendation_events_pb2.CourseRecommendationDismissed:
    return recommendation_events_pb2.CourseRecommendationDismissed(
        **_for(one), reason=to_contract(one.dismiss_reason), dismiss_time=contract_time(fact)
    )


def _session(translate: Translate) -> Public:
    return public("training-sessions", translate, extensions=lambda _, session: {"country": session.plan.country})


def _recommendation(translate: Translate) -> Public:
    return public("training-recommendations", translate, extensions=_country)


def _country(_: object, recommendation: Recommendation) -> Mapping[str, str]:
    return {"country": recommendation.country}


ROUTES = Routes(
    facts,
    {
        facts.CourseRevised: public("training-courses", _course_revised),
        facts.SessionScheduled: _session(_scheduled),
        facts.SessionRescheduled: _session(_rescheduled),
        facts.SessionUpdated: _session(_updated),
        facts.SessionCancelled: _session(_cancelled),
        facts.EnrolmentsChanged: _session(_enrolments),
        facts.AttendanceRecorded: _session(_attendance),
        facts.TestScoresRecorded: PRIVATE,
        facts.SessionCompleted: _session(_completed),
        facts.CertificatesIssued: _session(_issued),
        facts.CertificateRevoked: _session(_revoked),
        facts.OutcomesRecorded: _session(_outcomes),
        facts.OutcomesDue: _session(_due),
        facts.OutcomesOverdue: _session(_overdue),
        facts.CourseRecommended: _recommendation(_recommended),
        facts.CourseRecommendationMet: _recommendation(_met),
        facts.CourseRecommendationDismissed: _recommendation(_dismissed),
    },
)
