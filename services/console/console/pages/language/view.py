"""Remembers the language that a person chose, for as long as the session lasts."""

from starlette.responses import Response

from console import texts
from console.page import Page, post
from console.visit import Visit


def choose(visit: Visit) -> Response:
    """Switch, and stay on the page."""
    spoken = texts.language(visit.form.text("language"))
    if spoken is not None:
        visit.speak(spoken)
    back = "/" + visit.request.headers.get("referer", "").partition("://")[2].partition("/")[2]
    return visit.go(back)


PAGE = Page("language", (post("/language", choose),))
