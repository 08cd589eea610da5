"""What was sent is kept, and what a service refuses stands where the person can mend it."""

import grpc
from starlette.datastructures import FormData

from console.clients.troubles import Refused, Violation
from console.forms import Form

FIELDS = {"grant.expire_time": "until", "rows.name": "name"}


def refusal(*violations: Violation) -> Refused:
    return Refused("programme", grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD", "Something is wrong.", violations)


def in_english(_reason: str, description: str) -> str:
    return description


def test_what_was_sent_is_kept_without_space_around_it() -> None:
    form = Form.sent(FormData([("name", "  Blue  "), ("advisors", "a"), ("advisors", ""), ("advisors", "b")]))
    assert form.text("name") == "Blue"
    assert form.texts("advisors") == ["a", "b"]
    assert form.text("nothing", "default") == "default"


def test_the_request_id_of_the_page_is_the_one_that_is_sent() -> None:
    assert Form.sent(FormData([("request_id", "abc")])).request_id == "abc"


def test_a_violation_stands_at_the_field_of_the_page() -> None:
    form = Form()
    form.refused(refusal(Violation("grant.expire_time", "IN_THE_PAST", "is over already")), FIELDS, in_english)
    assert form.errors == {"until": ["is over already"]}
    assert form.wrong


def test_a_violation_in_a_list_is_matched_without_its_index() -> None:
    form = Form()
    form.refused(refusal(Violation("rows[7].name", "EMPTY", "is empty")), FIELDS, in_english)
    assert form.errors == {"name": ["is empty"]}


def test_a_violation_of_no_field_on_the_page_is_not_lost() -> None:
    form = Form()
    form.refused(refusal(Violation("grant.other", "ODD", "is odd")), FIELDS, in_english)
    assert form.problems == ["is odd"]


def test_a_refusal_without_fields_is_told_as_a_whole() -> None:
    form = Form()
    form.refused(refusal(), FIELDS, in_english)
    assert form.problems == ["Something is wrong."]
