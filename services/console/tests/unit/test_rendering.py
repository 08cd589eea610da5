"""What templates say of data, without a service behind them."""

import pytest

from amplify.notifications.v1.delivery_service_pb2 import ListDeliveriesResponse
from console.part import Part
from console.rendering import Renderer
from console.service import PAGES
from console.texts import LANGUAGES


@pytest.mark.parametrize(
    ("language", "state", "said", "unsaid"),
    [
        ("en", "", "No messages yet", "No such message"),
        ("en", "sent", "No such message", "No messages yet"),
        ("ar", "", "لا توجد رسائل بعد", "جرّب عوامل تصفية أخرى"),
        ("ar", "sent", "جرّب عوامل تصفية أخرى", "لا توجد رسائل بعد"),
    ],
)
def test_a_list_of_deliveries_without_rows_says_whether_filters_are_why(
    language: str, state: str, said: str, unsaid: str
) -> None:
    asked = {"state": state, "reason": "", "factory": "", "recipient": ""}
    context = {"found": Part(ListDeliveriesResponse()), "asked": asked}
    html = Renderer(PAGES, development=False).render("deliveries/_results.html", LANGUAGES[language], context)
    assert said in html
    assert unsaid not in html
