"""What a page is: a folder of its own that says who may come, where it answers and what it shows."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from console.visit import Visit

Handler = Callable[[Visit], Response]
EVERYBODY: frozenset[str] = frozenset()
COUNTRY_STAFF = frozenset(
    {
        "enterprise-advisor",
        "team-leader",
        "country-manager",
        "programme-officer",
        "training-officer",
        "finance-officer",
    }
)
OFFICE = frozenset({"programme-officer", "country-manager"})
ASSESSMENT_STAFF = COUNTRY_STAFF - {"finance-officer"}
PARTNERS = frozenset({"buyer", "financier", "ministry"})


@dataclass(frozen=True)
class Route:
    """An address of a page. GET addresses also answer at `<path>.json` unless `twin` is False."""

    method: str
    path: str
    handler: Handler
    twin: bool = True


@dataclass(frozen=True)
class Menu:
    """A place in the menu: icon name, path, where it stands among the others, and for whom (empty: who may come in).

    `{factory}` in the path stands for the person's own factory.
    """

    icon: str
    path: str
    order: int
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Page:
    """One folder of `pages/`. `roles` may come in; empty means everybody who is signed in.

    The services decide what anybody may see or do; `roles` only keeps doors that would not open out of sight.
    """

    name: str
    routes: tuple[Route, ...]
    roles: frozenset[str] = EVERYBODY
    menu: Menu | None = None

    def listed_for(self, roles: frozenset[str]) -> bool:
        """Whether the menu of somebody with these roles has the page."""
        if self.menu is None or not self.open_to(roles):
            return False
        return not self.menu.roles or bool(self.menu.roles & roles)

    def open_to(self, roles: frozenset[str]) -> bool:
        """Whether somebody with these roles is shown the door."""
        return not self.roles or bool(self.roles & roles)


def get(path: str, handler: Handler, *, twin: bool = True) -> Route:
    """An address that shows something and changes nothing."""
    return Route("GET", path, handler, twin)


def post(path: str, handler: Handler) -> Route:
    """An address that a form is sent to; carries a CSRF token and a request id."""
    return Route("POST", path, handler, twin=False)
