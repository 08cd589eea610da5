"""The ready-made people and client programs of a development machine, read from `people.yaml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chassis.data_files import read_yaml
from local_stack.layout import LOCAL

PEOPLE_FILE = LOCAL / "people.yaml"


class NoSuchPerson(KeyError):
    """Nobody has this key."""


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in; `sub` is the opaque id that stands for them in tokens and facts."""

    key: str
    sub: str
    name: str
    role: str
    locale: str
    time_zone: str
    countries: tuple[str, ...] = ()
    organisation: str = ""
    factory: str = ""

    @property
    def email(self) -> str:
        """Their address; everything sent there ends in the development mailbox."""
        return f"{self.key}@example.org"


@dataclass(frozen=True)
class Client:
    """A program that may ask for tokens: paths it may be called back at, or a secret of its own.

    One with an `organisation` is a partner's: its tokens are for the ports for partners.
    """

    id: str
    sub: str = ""
    secret: str = ""
    redirects: tuple[str, ...] = ()
    after_sign_out: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("service",)
    organisation: str = ""


@dataclass(frozen=True)
class Directory:
    """Everybody and every program that the development identity provider knows."""

    people: tuple[Person, ...]
    clients: tuple[Client, ...]
    access_token_seconds: int

    def person(self, key: str) -> Person:
        """The person with a key; raises NoSuchPerson."""
        for person in self.people:
            if person.key == key:
                return person
        raise NoSuchPerson(f"nobody is called {key}; there are {', '.join(one.key for one in self.people)}")

    def client(self, client_id: str) -> Client | None:
        """The client with an id, None when there is none."""
        return next((one for one in self.clients if one.id == client_id), None)


@cache
def directory(file: Path = PEOPLE_FILE) -> Directory:
    """Read the file."""
    content = read_yaml(file.read_text(encoding="utf-8"))
    return Directory(
        people=tuple(Person(**_tuples(row)) for row in content["people"]),
        clients=tuple(Client(**_tuples(row)) for row in (*content["clients"], *content["partners"])),
        access_token_seconds=int(content["access_token_seconds"]),
    )


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
