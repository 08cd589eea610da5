"""`python -m finance_linkage grpc | stream | relay | due | all | migrate | …`: the composition of the service."""

import sys

from chassis import access as decisions
from chassis.grpc_client import ServiceToken
from chassis.service import Service, run
from chassis.settings import load
from chassis.unit_of_work import unit_of_work
from finance_linkage import access, archive, catalogue, consents
from finance_linkage.grpc_api import APIS, PARTNER_APIS
from finance_linkage.service import DUE, REACTS
from finance_linkage.settings import FinanceLinkageSettings
from finance_linkage.storage import DOCUMENTS
from finance_linkage.use_cases.revise_product import commands, revise_product


def prepare() -> None:
    """What `migrate` does besides: collections for receipts and packs, and the products as their file has them now."""
    archive.prepare()
    for command in commands(catalogue.load()):
        unit_of_work(lambda command=command: revise_product(command))  # type: ignore[misc]


def compose(settings: FinanceLinkageSettings) -> Service:
    """The service as it runs with these settings."""
    decisions.declare(access.ACTIONS, access.KINDS)
    consents.configure(consents.ProgrammeConsents(settings.programme_address, ServiceToken(settings)))
    return Service(
        name="finance-linkage",
        apis=APIS,
        partner_apis=PARTNER_APIS,
        partner_roles=("financier",),
        consumers=REACTS,
        due=DUE,
        documents=DOCUMENTS,
        prepare=prepare,
    )


if __name__ == "__main__":
    loaded = load(FinanceLinkageSettings)
    run(compose(loaded), loaded, sys.argv[1:])
