"""What factories, organisations, courses and products are called: read when a message is put into words."""

from collections.abc import Mapping

from amplify.finance_linkage.v1.product_events_pb2 import ProductRevised
from amplify.programme.v1.programme_events_pb2 import FactoryEnrolled, FactoryUpdated, OrganisationRegistered
from amplify.training.v1.course_events_pb2 import CourseRevised
from chassis.consumer import Consumer, Message
from chassis.view import View

directory = View("directory")
KINDS = ("factory", "organisation", "course", "product")
FALLBACK = "en"
"""The language of a name that is not written in the reader's."""


class NotKnownYet(LookupError):
    """The fact that tells the name has not come yet."""


def put_into_words(parameters: Mapping[str, str], language: str) -> dict[str, str]:
    """The parameters of a message, with names beside the ids, in the language where there are several.

    Raises NotKnownYet.
    """
    words = dict(parameters)
    for kind in KINDS:
        id = parameters.get(f"{kind}_id")
        if id:
            words[f"{kind}_name"] = _name(f"{kind}/{id}", language)
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


def on_course_revised(fact: CourseRevised, _: Message) -> None:
    """A course of the catalogue, in its languages."""
    _set_names(f"course/{fact.course_id}", fact.titles)


def on_product_revised(fact: ProductRevised, _: Message) -> None:
    """A financial product, in its languages."""
    _set_names(f"product/{fact.product_id}", fact.titles)


CONSUMER = Consumer(
    name="directory",
    streams=["programme-factories", "programme-organisations", "training-courses", "finance-linkage-products"],
    projections={
        FactoryEnrolled: on_factory_enrolled,
        FactoryUpdated: on_factory_updated,
        OrganisationRegistered: on_organisation_registered,
        CourseRevised: on_course_revised,
        ProductRevised: on_product_revised,
    },
    view=directory,
)


def _set(id: str, name: str) -> None:
    directory.writes().update_one({"_id": id}, {"$set": {"name": name}}, upsert=True)


def _set_names(id: str, names: Mapping[str, str]) -> None:
    directory.writes().update_one({"_id": id}, {"$set": {"names": dict(names)}}, upsert=True)


def _name(id: str, language: str) -> str:
    row = directory.reads().find_one({"_id": id})
    if row is None:
        raise NotKnownYet(id)
    if "name" in row:
        return str(row["name"])
    names: Mapping[str, str] = row["names"]
    return names.get(language) or names.get(FALLBACK) or next(iter(names.values()), id.partition("/")[2])
