"""CourseService: shows the catalogue."""

import grpc

from amplify.training.v1 import course_service_pb2 as pb
from amplify.training.v1.course_service_pb2_grpc import CourseServiceServicer
from chassis.identity import Identity
from chassis.rpc import query
from training import queries, resources
from training.domain.people import Role
from training.enums import to_domain
from training.grpc_api.parsing import id_of
from training.queries import Paging


class CourseApi(CourseServiceServicer):
    """Each method parses its request, and hands over."""

    def GetCourse(self, request: pb.GetCourseRequest, context: grpc.ServicerContext) -> pb.GetCourseResponse:
        """One course."""
        return query(
            lambda caller: pb.GetCourseResponse(
                course=resources.course(queries.get_course(caller, id_of(request.name)))
            )
        )

    def ListCourses(self, request: pb.ListCoursesRequest, context: grpc.ServicerContext) -> pb.ListCoursesResponse:
        """A page of courses."""

        def work(caller: Identity) -> pb.ListCoursesResponse:
            role = to_domain(Role, request.role) if request.role else None
            page, total = queries.list_courses(
                caller, request.point, role, Paging(request.page_size, request.page_token)
            )
            return pb.ListCoursesResponse(
                courses=map(resources.course, page.rows),
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)
