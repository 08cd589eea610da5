"""What factories and organisations are called: read when a message is put into words."""

from collections.abc import Mapping

from amplify.programme.v1.programme_events_pb2 import FactoryEnrolled, FactoryUpdated, OrganisationRegistered
from chassis.consumer import Consumer, Message
from chassis.view import View

directory = View("directory")


class NotKnownYet(LookupError):
    """The fact that tells the name has not come yet."""


def put_into_words(parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a message, with names beside the ids. Raises NotKnownYet."""
    words = dict(parameters)
    for kind in ("factory", "organisation"):
        id = parameters.get(f"{kind}_id")
        if id:
            words[f"{kind}_name"] = _name(f"{kind}/{id}")
    return words


def on_factory_enrolled(fact: FactoryEnrolled, _: Message) -> None:
    """A new factory."""
    _set(f"factory/{fact.factory_id}", fact.profile.display_name)


def on_factory_updated(fact: FactoryUpdated, _: Message) -> None:
    """It may be called otherwise now."""
    _set(f"factory/{fact.factory_id}", fact.profile.display_name)


def on_organisation_registered(fact: OrganisationRegistered, _: Message) -> None:
    """A new partner."""
    _set(f"organisation/{fact.organisation_id}", fact.display_name)


CONSUMER = Consumer(
    name="directory",
    streams=["programme-factories", "programme-organisations"],
    projections={
        FactoryEnrolled: on_factory_enrolled,
        FactoryUpdated: on_factory_updated,
        OrganisationRegistered: on_organisation_registered,
    },
    view=directory,
)


def _set(id: str, name: str) -> None:
    directory.writes().update_one({"_id": id}, {"$set": {"name": name}}, upsert=True)


def _name(id: str) -> str:
    row = directory.reads().find_one({"_id": id})
    if row is None:
        raise NotKnownYet(id)
    return str(row["name"])
