"""What a page is: a folder of its own that says who may come, where it answers and what it shows."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from console.roles import EVERYBODY
from console.visit import Visit

Handler = Callable[[Visit], Response]


@dataclass(frozen=True)
class Route:
    """An address of a page. GET addresses also answer at `<path>.json` unless `twin` is False.

    `too_large` answers, with an empty form, where more was sent than is read; without one that is a trouble of its own.
    """

    method: str
    path: str
    handler: Handler
    twin: bool = True
    too_large: Handler | None = None


@dataclass(frozen=True)
class Menu:
    """A place in the menu: icon name, path, where it stands among the others, and for whom (empty: who may come in).

    `{factory}` in the path stands for the person's own factory. Pages of one `group` stand together under its name,
    the text `kit.group_<group>`; those of none stand alone.
    """

    icon: str
    path: str
    order: int
    roles: frozenset[str] = EVERYBODY
    group: str = ""


@dataclass(frozen=True)
class Tab:
    """A place among the pages of one factory: path with `{factory}` in it, order, and for whom, as in `Menu`."""

    path: str
    order: int
    roles: frozenset[str] = EVERYBODY


@dataclass(frozen=True)
class Page:
    """One folder of `pages/`. `roles` may come in; empty means everybody who is signed in.

    The services decide what anybody may see or do; `roles` only keeps doors that would not open out of sight.
    """

    name: str
    routes: tuple[Route, ...]
    roles: frozenset[str] = EVERYBODY
    menu: Menu | None = None
    tab: Tab | None = None

    def open_to(self, roles: frozenset[str]) -> bool:
        """Whether somebody with these roles is shown the door."""
        return not self.roles or bool(self.roles & roles)

    def shows(self, place: Menu | Tab | None, roles: frozenset[str]) -> bool:
        """Whether a place of the page, in the menu or among the tabs, is there for somebody with these roles."""
        return place is not None and self.open_to(roles) and (not place.roles or bool(place.roles & roles))


def get(path: str, handler: Handler, *, twin: bool = True) -> Route:
    """An address that shows something and changes nothing."""
    return Route("GET", path, handler, twin)


def post(path: str, handler: Handler, *, too_large: Handler | None = None) -> Route:
    """An address that a form is sent to; carries a CSRF token and a request id."""
    return Route("POST", path, handler, False, too_large)
