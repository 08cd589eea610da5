"""What the console asks of training: courses, sessions, the people in them, and what came of it."""

import grpc

from amplify.training.v1 import (
    certificate_service_pb2,
    certificate_service_pb2_grpc,
    course_pb2,
    course_service_pb2,
    course_service_pb2_grpc,
    enrolment_pb2,
    participant_service_pb2,
    participant_service_pb2_grpc,
    recommendation_service_pb2,
    recommendation_service_pb2_grpc,
    recording_pb2,
    scheduling_pb2,
    session_pb2,
    session_service_pb2,
    session_service_pb2_grpc,
    summary_pb2,
)
from console.clients.channel import Line


class Training:
    """Calls to training for one person. Ids are without their collection."""

    def __init__(self, channel: grpc.Channel, line: Line) -> None:
        self._line = line
        self._courses = course_service_pb2_grpc.CourseServiceStub(channel)
        self._sessions = session_service_pb2_grpc.SessionServiceStub(channel)
        self._participants = participant_service_pb2_grpc.ParticipantServiceStub(channel)
        self._certificates = certificate_service_pb2_grpc.CertificateServiceStub(channel)
        self._recommendations = recommendation_service_pb2_grpc.RecommendationServiceStub(channel)

    def courses(self) -> list[course_pb2.Course]:
        """The whole catalogue: a few dozen courses."""
        return list(
            self._line.call(self._courses.ListCourses, course_service_pb2.ListCoursesRequest(page_size=500)).courses
        )

    def course(self, course: str) -> course_pb2.Course:
        """One course."""
        request = course_service_pb2.GetCourseRequest(name=f"courses/{course}")
        return self._line.call(self._courses.GetCourse, request).course

    def sessions(self, request: session_service_pb2.ListSessionsRequest) -> session_service_pb2.ListSessionsResponse:
        """A page of the sessions that the person may see."""
        return self._line.call(self._sessions.ListSessions, request)

    def session(self, session: str) -> session_pb2.Session:
        """One session, without its people."""
        request = session_service_pb2.GetSessionRequest(name=f"sessions/{session}")
        return self._line.call(self._sessions.GetSession, request).session

    def schedule(self, request: scheduling_pb2.ScheduleSessionRequest) -> None:
        """Schedule a session."""
        self._line.call(self._sessions.ScheduleSession, request)

    def reschedule(self, request: scheduling_pb2.RescheduleSessionRequest) -> None:
        """Move a session to other days."""
        self._line.call(self._sessions.RescheduleSession, request)

    def update(self, request: scheduling_pb2.UpdateSessionRequest) -> None:
        """Change place or capacity."""
        self._line.call(self._sessions.UpdateSession, request)

    def cancel(self, request: scheduling_pb2.CancelSessionRequest) -> None:
        """Call a session off."""
        self._line.call(self._sessions.CancelSession, request)

    def complete(self, request: session_service_pb2.CompleteSessionRequest) -> None:
        """Settle who completed it."""
        self._line.call(self._sessions.CompleteSession, request)

    def participants(
        self, session: str, page: str = "", size: int = 500
    ) -> participant_service_pb2.ListParticipantsResponse:
        """A page of the people of a session, as far as the person may see them."""
        request = participant_service_pb2.ListParticipantsRequest(
            parent=f"sessions/{session}", page_size=size, page_token=page
        )
        return self._line.call(self._participants.ListParticipants, request)

    def everybody(self, session: str) -> participant_service_pb2.ListParticipantsResponse:
        """All people of a session, however many pages they fill: whoever records must see each of them."""
        found = self.participants(session)
        while found.next_page_token:
            more = self.participants(session, found.next_page_token)
            found.participants.extend(more.participants)
            found.next_page_token = more.next_page_token
        return found

    def enrol(self, request: enrolment_pb2.EnrolParticipantsRequest) -> enrolment_pb2.EnrolParticipantsResponse:
        """Give people places, all of them or nobody."""
        return self._line.call(self._participants.EnrolParticipants, request)

    def withdraw(self, request: enrolment_pb2.WithdrawParticipantRequest) -> None:
        """Take somebody out."""
        self._line.call(self._participants.WithdrawParticipant, request)

    def record_attendance(self, request: recording_pb2.RecordAttendanceRequest) -> None:
        """Record who was there on a day."""
        self._line.call(self._participants.RecordAttendance, request)

    def record_scores(self, request: recording_pb2.RecordTestScoresRequest) -> None:
        """Record test scores."""
        self._line.call(self._participants.RecordTestScores, request)

    def record_outcomes(self, request: recording_pb2.RecordOutcomesRequest) -> None:
        """Record what became of people months later."""
        self._line.call(self._participants.RecordOutcomes, request)

    def issue(self, request: certificate_service_pb2.IssueCertificatesRequest) -> None:
        """Issue certificates to those who completed."""
        self._line.call(self._certificates.IssueCertificates, request)

    def revoke(self, request: certificate_service_pb2.RevokeCertificateRequest) -> None:
        """Revoke a certificate."""
        self._line.call(self._certificates.RevokeCertificate, request)

    def verify(self, number: str, holder: str) -> certificate_service_pb2.VerifyCertificateResponse:
        """Whether a certificate's number is good, and whether it is of this holder where a name is given."""
        request = certificate_service_pb2.VerifyCertificateRequest(number=number, holder_name=holder)
        return self._line.call(self._certificates.VerifyCertificate, request)

    def certificates(
        self, page: str, size: int, session: str = "", factory: str = ""
    ) -> certificate_service_pb2.ListCertificatesResponse:
        """A page of certificates, of one session or of the people of one factory."""
        request = certificate_service_pb2.ListCertificatesRequest(
            page_size=size,
            page_token=page,
            session=f"sessions/{session}" if session else "",
            factory=f"factories/{factory}" if factory else "",
        )
        return self._line.call(self._certificates.ListCertificates, request)

    def recommendations(
        self, request: recommendation_service_pb2.ListRecommendationsRequest
    ) -> recommendation_service_pb2.ListRecommendationsResponse:
        """A page of recommended courses."""
        return self._line.call(self._recommendations.ListRecommendations, request)

    def dismiss(self, request: recommendation_service_pb2.DismissRecommendationRequest) -> None:
        """Close a recommendation without a session."""
        self._line.call(self._recommendations.DismissRecommendation, request)

    def summaries(self, request: summary_pb2.ListTrainingSummariesRequest) -> summary_pb2.ListTrainingSummariesResponse:
        """How many were trained, by sex and role."""
        return self._line.call(self._sessions.ListTrainingSummaries, request)

    def work(self, country: str) -> session_service_pb2.CountWorkResponse:
        """What waits to be done."""
        return self._line.call(self._sessions.CountWork, session_service_pb2.CountWorkRequest(country=country))
