"""A tiny service for the chassis's own tests: accounts that are opened and credited, and readers of their facts."""

import sys
from dataclasses import dataclass, field
from types import ModuleType

import mongoengine as me
from google.protobuf.wrappers_pb2 import Int64Value, StringValue

from chassis import registry
from chassis.access import EVERYTHING
from chassis.consumer import Consumer, Message
from chassis.database import db
from chassis.facts import PRIVATE, Routes, public
from chassis.registry import Stream
from chassis.repository import Repository, RootDocument
from chassis.unit_of_work import unit_of_work
from chassis.view import View

STREAM = "test-accounts"


@dataclass(frozen=True)
class Opened:
    """An account began."""

    owner: str


@dataclass(frozen=True)
class Credited:
    """An amount was added."""

    amount: int


@dataclass(frozen=True)
class Noted:
    """Something that stays in the service."""

    text: str


@dataclass
class Account:
    """The aggregate."""

    id: str
    owner: str
    balance: int = 0
    notes: list[str] = field(default_factory=list)
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def open(cls, id: str, owner: str) -> "Account":
        """Begin an account."""
        account = cls(id, owner)
        account.recorded.append(Opened(owner))
        return account

    def credit(self, amount: int) -> None:
        """Add an amount."""
        self.balance += amount
        self.recorded.append(Credited(amount))

    def note(self, text: str) -> None:
        """Keep a private note."""
        self.notes.append(text)
        self.recorded.append(Noted(text))


class AccountDocument(RootDocument):
    """How an account is stored."""

    owner = me.StringField(required=True)
    balance = me.LongField(required=True)
    notes = me.ListField(me.StringField())
    meta = {"collection": "accounts"}  # noqa: RUF012


def _facts() -> ModuleType:
    module = ModuleType("ledger_facts")
    for kind in (Opened, Credited, Noted):
        kind.__module__ = "ledger_facts"
        setattr(module, kind.__name__, kind)
    sys.modules["ledger_facts"] = module
    return module


ROUTES = Routes(
    _facts(),
    {
        Opened: public(STREAM, lambda fact, _: StringValue(value=fact.owner)),
        Credited: public(STREAM, lambda fact, _: Int64Value(value=fact.amount)),
        Noted: PRIVATE,
    },
)
accounts = Repository(Account, AccountDocument, ROUTES, source="ledger")
balances = View("balances")


def register_stream() -> None:
    """Make the test's stream known to the registry of this process."""
    kinds = frozenset({"google.protobuf.StringValue", "google.protobuf.Int64Value"})
    registry.streams()[STREAM] = Stream(STREAM, "ledger", 4, kinds)


def on_credited(fact: Int64Value, message: Message) -> None:
    """Keep each account's sum; a negative amount is what this reader cannot digest while `fail` says so."""
    if fact.value < 0 and db().switches.find_one({"_id": "fail"}):
        raise ValueError("a negative amount")
    balances.writes().update_one({"_id": message.key}, {"$inc": {"balance": fact.value, "facts": 1}}, upsert=True)


def on_opened(fact: StringValue, message: Message) -> None:
    """Keep each account's owner."""
    balances.writes().update_one({"_id": message.key}, {"$set": {"owner": fact.value}}, upsert=True)


def greet_when_opened(fact: StringValue, message: Message) -> None:
    """A policy with an effect that can be counted: one greeting a fact, order kept in `seen`."""
    db().greetings.update_one({"_id": message.event_id}, {"$inc": {"times": 1}}, upsert=True)


def count_when_credited(fact: Int64Value, message: Message) -> None:
    """A policy whose effect is not idempotent by itself."""
    db().counted.update_one({"_id": message.key}, {"$inc": {"times": 1}, "$push": {"amounts": fact.value}}, upsert=True)


VIEW_READER = Consumer(
    "balances", [STREAM], projections={StringValue: on_opened, Int64Value: on_credited}, view=balances
)
POLICY_READER = Consumer(
    "greeter", [STREAM], policies={StringValue: greet_when_opened, Int64Value: count_when_credited}
)


def open_account(id: str, credits: int = 0) -> None:
    """Open an account and credit it 1, 2, 3 … in units of work of their own."""
    unit_of_work(lambda: accounts.add(Account.open(id, f"owner of {id}")))
    for amount in range(1, credits + 1):
        credit(id, amount)


def credit(id: str, amount: int) -> None:
    """Credit an account in a unit of work of its own."""

    def work() -> None:
        account = accounts.get(EVERYTHING, id)
        account.credit(amount)
        accounts.save(account)

    unit_of_work(work)
