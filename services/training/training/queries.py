"""The questions this service answers, each on behalf of a caller and filtered by what that caller may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chassis import clock
from chassis.access import filter
from chassis.database import Row
from chassis.identity import Identity
from chassis.paging import Page
from training import certificates, participants, summaries, work
from training.domain import certificate_number
from training.domain.certificate import Certificate
from training.domain.participant import ParticipantState
from training.domain.people import Role
from training.domain.recommendation import RecommendationState
from training.domain.session import SessionState
from training.domain.work import WorkKind
from training.storage import courses, recommendations, sessions

_LATEST_FIRST = (("first_day", -1), ("_id", 1))
_LATEST_OPENED = (("opened_at", -1), ("_id", 1))


@dataclass(frozen=True)
class Paging:
    """Which page a caller asks for (AIP-158)."""

    size: int
    token: str


@dataclass(frozen=True)
class SessionFilter:
    """Conditions that must all hold; empty ones do not count."""

    country: str = ""
    factory_id: str = ""
    course_id: str = ""
    states: Sequence[SessionState] = ()
    work: WorkKind | None = None
    earliest: date | None = None
    latest: date | None = None

    def query(self) -> Row:
        """As a condition on sessions."""
        fields = {"plan.country": self.country, "factory_ids": self.factory_id, "terms.course_id": self.course_id}
        found: Row = {name: value for name, value in fields.items() if value}
        if self.states:
            found["state"] = {"$in": sorted(state.value for state in self.states)}
        if self.earliest:
            found["last_day"] = {"$gte": self.earliest.isoformat()}
        if self.latest:
            found["first_day"] = {"$lte": self.latest.isoformat()}
        if self.work in work.OF_SESSIONS:
            return {"$and": [found, work.condition(self.work, clock.now())]}
        return found


def get_course(caller: Identity, course_id: str) -> Row:
    """One course. Raises NotFound."""
    return courses.read(filter(caller, "course"), course_id)


def list_courses(caller: Identity, point: str, role: Role | None, wanted: Paging) -> tuple[Page, int]:
    """Courses by id, and how many there are."""
    query: Row = {"definition.points.point": point} if point else {}
    if role:
        query["definition.audience"] = role.value
    visible = filter(caller, "course")
    page = courses.find(visible, query, page_size=wanted.size, page_token=wanted.token)
    return page, courses.count(visible, query)


def get_session(caller: Identity, session_id: str) -> Row:
    """One session. Raises NotFound, also for one that the caller may not know of."""
    return sessions.read(filter(caller, "session"), session_id)


def list_sessions(caller: Identity, asked: SessionFilter, wanted: Paging) -> tuple[Page, int]:
    """Sessions, the latest first day first, and how many there are."""
    visible, query = filter(caller, "session"), asked.query()
    page = sessions.find(visible, query, sort=_LATEST_FIRST, page_size=wanted.size, page_token=wanted.token)
    return page, sessions.count(visible, query)


def count_work(caller: Identity, country: str) -> list[work.Count]:
    """What waits in what the caller may see."""
    return work.counts(filter(caller, "session"), filter(caller, "recommendation"), country, clock.now())


def list_training_summaries(
    caller: Identity, asked: summaries.Wanted, wanted: Paging
) -> tuple[list[summaries.Summary], str, int]:
    """Indicators of the people whom the caller may count."""
    return summaries.page(filter(caller, "trained"), asked, wanted.size, wanted.token)


def get_participant(caller: Identity, session_id: str, participant_id: str) -> Row:
    """One participant. Raises NotFound."""
    return participants.read(filter(caller, "participant"), session_id, participant_id)


def list_participants(
    caller: Identity, session_id: str, states: Sequence[ParticipantState], factory_id: str, wanted: Paging
) -> tuple[Page, int]:
    """Participants of a session by name, and how many there are. Raises NotFound for a session that is not shown."""
    get_session(caller, session_id)
    query: Row = {"session_id": session_id}
    if states:
        query["state"] = {"$in": sorted(state.value for state in states)}
    if factory_id:
        query["employer.factory_id"] = factory_id
    return participants.find(filter(caller, "participant"), query, wanted.size, wanted.token)


def get_certificate(caller: Identity, number: str) -> Row:
    """One certificate. Raises NotFound."""
    return certificates.read(filter(caller, "certificate"), number)


def list_certificates(caller: Identity, session_id: str, factory_id: str, wanted: Paging) -> tuple[Page, int]:
    """Certificates, the latest first, and how many there are."""
    fields = {"session_id": session_id, "factory_id": factory_id}
    query: Row = {name: value for name, value in fields.items() if value}
    return certificates.find(filter(caller, "certificate"), query, wanted.size, wanted.token)


def verify_certificate(text: str) -> Certificate | None:
    """The certificate of a number that somebody has; None for what is no number. Raises NotFound."""
    number = certificate_number.read(text)
    return certificates.known(number) if number else None


def get_recommendation(caller: Identity, recommendation_id: str) -> Row:
    """One recommendation. Raises NotFound."""
    return recommendations.read(filter(caller, "recommendation"), recommendation_id)


def list_recommendations(
    caller: Identity, fields: Row, state: RecommendationState | None, wanted: Paging
) -> tuple[Page, int]:
    """Recommendations, the latest first, and how many there are; `fields` that are empty do not count."""
    query: Row = {name: value for name, value in fields.items() if value}
    if state:
        query["state"] = state.value
    visible = filter(caller, "recommendation")
    page = recommendations.find(visible, query, sort=_LATEST_OPENED, page_size=wanted.size, page_token=wanted.token)
    return page, recommendations.count(visible, query)
