"""Rows about people as the contract's resources; only readers of participants and certificates get them."""

from collections.abc import Collection, Mapping
from typing import Any

from amplify.training.v1 import certificate_pb2, participant_pb2
from chassis.database import Row
from training import certificates, participants
from training.contracts import contract_date
from training.domain.days import local_day
from training.domain.outcomes import OutcomeKind
from training.domain.records import Kept
from training.domain.session import Session
from training.enums import to_contract
from training.resources import factory_name, timestamp


def participant(
    row: Row, session: Session, waiting: Mapping[str, int], withheld: Collection[str]
) -> participant_pb2.Participant:
    """A participant of a session; `waiting` has the places in its waiting list, `withheld` who gets no certificate."""
    person = participants.revive(row)
    employer = person.identity.employer
    message = participant_pb2.Participant(
        name=f"sessions/{session.id}/participants/{person.id}",
        full_name=person.identity.full_name,
        sex=to_contract(person.sex),
        role=to_contract(person.role),
        employer=participant_pb2.Employer(
            kind=to_contract(employer.kind),
            factory=factory_name(employer.factory_id),
            organisation=employer.organisation,
        ),
        state=to_contract(person.state),
        waiting_position=waiting.get(person.id, 0),
        withdraw_reason=to_contract(person.withdraw_reason),
        enrol_time=timestamp(person.enrolled_at),
        place_time=timestamp(person.placed_at),
        attendance=[_attendance(session, contract_date(day), kept) for day, kept in sorted(person.attendance.items())],
        test_scores=[
            participant_pb2.TestScore(
                kind=to_contract(kind),
                score=kept.value,
                record_time=timestamp(kept.record.recorded_at),
                author=kept.record.author,
            )
            for kind, kept in sorted(person.scores.items(), reverse=True)
        ],
        certificate=f"certificates/{person.certificate}" if person.certificate else "",
        certificate_withheld=person.id in withheld and not person.certificate,
        outcomes=[_outcome(kind, person.outcomes[kind]) for kind in OutcomeKind if kind in person.outcomes],
        etag=participants.etag_of(row),
    )
    if person.completed is not None:
        message.completed = person.completed
    return message


def _attendance(session: Session, day: Any, kept: Kept) -> participant_pb2.DayAttendance:
    holds = kept.record
    return participant_pb2.DayAttendance(
        day=day,
        present=bool(holds.value),
        record_time=timestamp(holds.recorded_at),
        entry_time=timestamp(holds.entered_at),
        author=holds.author,
        late=local_day(holds.recorded_at, session.plan.time_zone) > session.last_day,
        operation_id=holds.operation_id,
        superseded=[
            participant_pb2.SupersededAttendance(
                present=bool(one.value),
                record_time=timestamp(one.recorded_at),
                entry_time=timestamp(one.entered_at),
                author=one.author,
                operation_id=one.operation_id,
            )
            for one in kept.superseded
        ],
    )


def _outcome(kind: OutcomeKind, kept: Kept) -> participant_pb2.Outcome:
    message = participant_pb2.Outcome(record_time=timestamp(kept.record.recorded_at), author=kept.record.author)
    if kind is OutcomeKind.PROMOTION:
        message.promoted = bool(kept.value)
    elif kind is OutcomeKind.PAY_CHANGE:
        message.pay_change_permille = kept.value
    else:
        message.line_efficiency_change_permille = kept.value
    return message


def certificate(row: Row) -> certificate_pb2.Certificate:
    """A certificate with its holder."""
    stored = certificates.revive(row)
    return certificate_pb2.Certificate(
        name=f"certificates/{stored.number}",
        participant=f"sessions/{stored.session_id}/participants/{stored.participant_id}",
        course=f"courses/{stored.course_id}",
        holder_name=stored.holder_name,
        session_last_day=contract_date(stored.session_last_day),
        state=to_contract(stored.state),
        revoke_reason=to_contract(stored.revoke_reason),
        issue_time=timestamp(stored.issued_at),
        revoke_time=timestamp(stored.revoked_at),
        etag=certificates.etag_of(row),
    )
