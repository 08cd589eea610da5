"""A tiny service for the chassis's own tests: accounts that are opened and credited, and readers of their facts."""

import os
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import mongoengine as me
from google.protobuf.wrappers_pb2 import Int64Value, StringValue

from chassis import clock, registry
from chassis.access import EVERYTHING
from chassis.consumer import Consumer, Message
from chassis.database import db
from chassis.due_work import Due, Handlers, Outside, deadlines
from chassis.facts import PRIVATE, Routes, public
from chassis.registry import Stream
from chassis.repository import Repository, RootDocument
from chassis.unit_of_work import unit_of_work
from chassis.view import View

STREAM = "test-accounts"
TEST_STREAM = Stream(STREAM, "ledger", 4, frozenset({"google.protobuf.StringValue", "google.protobuf.Int64Value"}))
BONUS = 1_000_000
"""What the deadline of an account credits, once."""


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


FACTS = _facts()
ROUTES = Routes(
    FACTS,
    {
        Opened: public(STREAM, lambda fact, _: StringValue(value=fact.owner)),
        Credited: public(STREAM, lambda fact, _: Int64Value(value=fact.amount)),
        Noted: PRIVATE,
    },
)
accounts = Repository(Account, AccountDocument, ROUTES, source="ledger")
balances = View("balances")


def register_stream() -> None:
    """Add the test's stream to the registry of this process; tests of services run in the same one."""
    registry.streams()[STREAM] = TEST_STREAM


def on_credited(fact: Int64Value, message: Message) -> None:
    """Keep each account's sum; a negative amount is what this reader cannot digest while `fail` says so."""
    if fact.value < 0 and db().switches.find_one({"_id": "fail"}):
        raise ValueError("a negative amount")
    balances.writes().update_one({"_id": message.key}, {"$inc": {"balance": fact.value, "facts": 1}}, upsert=True)


def on_opened(fact: StringValue, message: Message) -> None:
    """Keep each account's owner."""
    balances.writes().update_one({"_id": message.key}, {"$set": {"owner": fact.value}}, upsert=True)


def greet_when_opened(fact: StringValue, message: Message) -> None:
    """A policy with an effect that can be counted: greetings an account."""
    db().greetings.update_one({"_id": message.key}, {"$inc": {"times": 1}}, upsert=True)


def count_when_credited(fact: Int64Value, message: Message) -> None:
    """A policy whose effect is not idempotent by itself, and shows the order."""
    db().counted.update_one({"_id": message.key}, {"$push": {"amounts": fact.value}}, upsert=True)


VIEW_READER = Consumer(
    "balances", [STREAM], projections={StringValue: on_opened, Int64Value: on_credited}, view=balances
)
POLICY_READER = Consumer(
    "greeter", [STREAM], policies={StringValue: greet_when_opened, Int64Value: count_when_credited}
)
CONSUMERS = (VIEW_READER, POLICY_READER)


def pay_bonus(due: Due) -> None:
    """The deadline of an account, through a use case of its owner."""
    account = accounts.get(EVERYTHING, due.key)
    account.credit(BONUS)
    accounts.save(account)


def post_letter(due: Due) -> str:
    """An effect outside the database that may be repeated and carries its key."""
    with Path(os.environ["LEDGER_LETTERS"]).open("a") as file:
        file.write(due.key + "\n")
    return "posted"


def file_letter(due: Due, result: str) -> None:
    """The record of that effect."""
    db().letters.update_one({"_id": due.key}, {"$inc": {result: 1}}, upsert=True)


DUE: Handlers = {"bonus": pay_bonus, "letter": Outside(post_letter, file_letter)}


def open_with_deadlines(id: str, owner: str) -> Account:
    """Open an account that gets a bonus and a letter at once; called in a unit of work."""
    account = Account.open(id, owner)
    accounts.add(account)
    for kind in DUE:
        deadlines.set(kind, id, clock.now() + timedelta(milliseconds=50))
    return account


def add_credit(id: str, amount: int, etag: str = "") -> Account:
    """Credit an account; called in a unit of work."""
    account = accounts.get(EVERYTHING, id, etag=etag)
    account.credit(amount)
    accounts.save(account)
    return account


def open_account(id: str, credits: int = 0) -> None:
    """Open an account and credit it 1, 2, 3 … in units of work of their own."""
    unit_of_work(lambda: accounts.add(Account.open(id, f"owner of {id}")))
    for amount in range(1, credits + 1):
        credit(id, amount)


def credit(id: str, amount: int) -> None:
    """Credit an account in a unit of work of its own."""
    unit_of_work(lambda: add_credit(id, amount))
