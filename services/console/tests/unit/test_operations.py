"""What an operator is shown of each service."""

from types import SimpleNamespace
from typing import Any, cast

from amplify.platform.v1.operations_pb2 import Overview
from amplify.platform.v1.operations_service_pb2 import ListParkedFactsResponse
from console.pages.operations import view
from console.visit import Part, Visit


def test_each_service_shows_the_page_of_parked_facts_that_the_address_names() -> None:
    asked: dict[str, str] = {}

    def service(name: str) -> Any:
        def parked(page: str = "") -> ListParkedFactsResponse:
            asked[name] = page
            return ListParkedFactsResponse()

        return SimpleNamespace(overview=Overview, parked=parked)

    known = {name: service(name) for name in ("programme", "training")}
    visit: Any = SimpleNamespace(services=SimpleNamespace(operations=known), query={"page-training": "token"})
    visit.part = lambda read: Part(read())
    assert [one.page for one in view._services(cast(Visit, visit))] == ["page-programme", "page-training"]
    assert asked == {"programme": "", "training": "token"}
