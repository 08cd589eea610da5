"""What happens here when something happened elsewhere: a fact becomes messages to the people it concerns."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from google.protobuf.message import Message as Proto

from amplify.assessment.v1.assessment_events_pb2 import (
    AssessmentReturned,
    AssessmentStarted,
    AssessmentSubmitted,
    ReleaseOverdue,
    ReleaseReminderDue,
    ReportReleased,
)
from amplify.programme.v1.consent_grant_pb2 import ConsentScope
from amplify.programme.v1.programme_events_pb2 import (
    ConsentExpired,
    ConsentGranted,
    ConsentWithdrawn,
    FactoryEnrolled,
)
from chassis.consumer import Message
from chassis.due_work import Due
from notifications.domain.occasion import Occasion
from notifications.planning import rules, tell, tell_newly_entitled, tell_others
from notifications.read_models.audience import Release, moment, releases
from notifications.use_cases.escalate_message import EscalateMessage, escalate_message


def plan_messages_when_factory_enrolled(fact: FactoryEnrolled, message: Message) -> None:
    """The advisor learns of the factory."""
    tell(_occasion(fact, message))


def plan_messages_when_consent_granted(fact: ConsentGranted, message: Message) -> None:
    """Factory and buyer learn of it; and of a report that came out under it, if its fact overtook this one."""
    tell(_consent(fact, message, expires_at=moment(fact.expire_time)))
    for release in releases(fact.factory_id):
        if moment(fact.start_time) <= release.at:
            tell_newly_entitled(_release(fact.factory_id, fact.country, release), fact.organisation_id)


def plan_messages_when_consent_withdrawn(fact: ConsentWithdrawn, message: Message) -> None:
    """Factory and buyer learn that nothing more is shared."""
    tell(_consent(fact, message, ended_at=moment(fact.withdraw_time)))


def plan_messages_when_consent_expired(fact: ConsentExpired, message: Message) -> None:
    """Factory and buyer learn that nothing more is shared."""
    tell(_consent(fact, message, ended_at=moment(fact.expire_time)))


def plan_messages_when_assessment_started(fact: AssessmentStarted, message: Message) -> None:
    """The factory and the country's manager learn that the team is on site, never before."""
    tell(_occasion(fact, message, assessment_id=fact.assessment_id, started_at=moment(fact.start_time)))


def plan_messages_when_assessment_submitted(fact: AssessmentSubmitted, message: Message) -> None:
    """Answers wait for the team leader."""
    tell(_team(fact, message, submitted_at=moment(fact.submit_time)))


def plan_messages_when_assessment_returned(fact: AssessmentReturned, message: Message) -> None:
    """Answers wait for the advisors again; why is read in the assessment."""
    tell(_team(fact, message, returned_at=moment(fact.return_time)))


def plan_messages_when_report_released(fact: ReportReleased, message: Message) -> None:
    """Factory, advisor and entitled buyers learn that it is out; not one of the fact's figures goes into a message."""
    release = Release(message.event_id, fact.assessment_id, moment(fact.release_time))
    tell(_release(fact.factory_id, fact.country, release))


def plan_messages_when_release_reminder_due(fact: ReleaseReminderDue, message: Message) -> None:
    """The team is reminded; once the report is due, the reminder is of no use any more."""
    due_at = moment(fact.release_due_time)
    tell(_team(fact, message, of_use_until=due_at, due_at=due_at))


def plan_messages_when_release_overdue(fact: ReleaseOverdue, message: Message) -> None:
    """The team leader is told, and whom it escalates to."""
    tell(_team(fact, message, due_at=moment(fact.release_due_time)))


def plan_messages_when_nobody_acknowledged(due: Due) -> None:
    """Others are told, unless somebody acknowledged at the last moment or the rule asks for it no longer."""
    rule = next((rule for rule in rules() if rule.name == due.body["rule"] and rule.escalate_to), None)
    if rule is None:
        return
    message = escalate_message(EscalateMessage(due.body["fact_id"], rule.name, rule.escalation))
    if message is not None:
        tell_others(message, rule)


POLICIES: Mapping[type[Proto], Callable[[Any, Message], None]] = {
    FactoryEnrolled: plan_messages_when_factory_enrolled,
    ConsentGranted: plan_messages_when_consent_granted,
    ConsentWithdrawn: plan_messages_when_consent_withdrawn,
    ConsentExpired: plan_messages_when_consent_expired,
    AssessmentStarted: plan_messages_when_assessment_started,
    AssessmentSubmitted: plan_messages_when_assessment_submitted,
    AssessmentReturned: plan_messages_when_assessment_returned,
    ReportReleased: plan_messages_when_report_released,
    ReleaseReminderDue: plan_messages_when_release_reminder_due,
    ReleaseOverdue: plan_messages_when_release_overdue,
}


def _occasion(fact: Any, message: Message, **more: Any) -> Occasion:
    """The occasion of a fact about a factory; times among `more` become parameters, the rest is the occasion's own."""
    times = {name: at.isoformat() for name, at in more.items() if isinstance(at, datetime) and name != "of_use_until"}
    own = {name: value for name, value in more.items() if name not in times and name != "words"}
    return Occasion(
        event=fact.DESCRIPTOR.full_name,
        fact_id=message.event_id,
        happened_at=message.time,
        country=fact.country,
        factory_id=fact.factory_id,
        parameters={**more.get("words", {}), **times},
        **own,
    )


def _consent(fact: ConsentGranted | ConsentWithdrawn | ConsentExpired, message: Message, **times: datetime) -> Occasion:
    scope = ConsentScope.Name(fact.scope).removeprefix("CONSENT_SCOPE_")
    return _occasion(fact, message, organisation_id=fact.organisation_id, words={"scope": scope}, **times)


def _team(fact: Any, message: Message, **more: Any) -> Occasion:
    return _occasion(
        fact,
        message,
        assessment_id=fact.assessment_id,
        team_leader=getattr(fact, "team_leader", ""),
        advisors=tuple(getattr(fact, "advisors", ())),
        **more,
    )


def _release(factory_id: str, country: str, release: Release) -> Occasion:
    """The occasion of a release, the same whether its own fact or a consent brings it up."""
    return Occasion(
        event=ReportReleased.DESCRIPTOR.full_name,
        fact_id=release.event_id,
        happened_at=release.at,
        country=country,
        factory_id=factory_id,
        assessment_id=release.assessment_id,
        parameters={"released_at": release.at.isoformat()},
    )
