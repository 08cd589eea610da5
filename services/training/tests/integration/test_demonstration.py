"""The sessions of the demonstration can be put in, and put in again at the next start."""

import pytest

from amplify.training.v1.session_pb2 import SESSION_STATE_COMPLETED
from amplify.training.v1.session_service_pb2 import ListSessionsRequest
from local_stack.demo import training

from .world import OFFICER, PEOPLE, World, content

pytestmark = pytest.mark.stack


def test_the_demonstration_is_put_in_once(world: World) -> None:
    def token(_: str) -> str:
        claims = {name: value for name, value in PEOPLE[OFFICER].items() if name != "role"}
        return world.issuer.token(OFFICER, "training-officer", **claims)

    training.sessions(world.channel, token)
    before = content()
    training.sessions(world.channel, token)
    assert content() == before
    found = {one.course: one for one in world.call(OFFICER, ListSessionsRequest(country="BD")).sessions}
    held, to_come, seminar = (found[f"courses/{name}"] for name in ("harassment-prevention", "sst", "industry-seminar"))
    assert (held.state, held.certificate_count) == (SESSION_STATE_COMPLETED, 5)
    assert (sum(one.count for one in to_come.enrolled), to_come.waiting_count) == (3, 2)
    assert (seminar.factory, len(seminar.invited_factories)) == ("", 2)
