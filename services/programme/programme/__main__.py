"""The program of programme: `python -m programme all`, one role of it, or an operator's command."""

import sys

from chassis import access as decisions
from chassis.service import Service, run
from chassis.settings import load
from chassis.unit_of_work import unit_of_work
from programme import access, definitions, live_consents
from programme.grpc_api import APIS
from programme.read_models.timeline import CONSUMER
from programme.service import DUE
from programme.settings import ProgrammeSettings
from programme.storage import DOCUMENTS, prepare_tables
from programme.use_cases.revise_country_programme import commands, revise_country_programme


def prepare() -> None:
    """What `migrate` does besides: tables, and the country programmes as their file defines them now."""
    prepare_tables()
    for command in commands(definitions.load()):
        unit_of_work(lambda command=command: revise_country_programme(command))  # type: ignore[misc]


def compose(settings: ProgrammeSettings) -> Service:
    """The service as it runs with these settings."""
    live_consents.configure(settings.consent_reads)
    decisions.declare(access.ACTIONS, access.KINDS)
    return Service("programme", apis=APIS, consumers=[CONSUMER], due=DUE, documents=DOCUMENTS, prepare=prepare)


if __name__ == "__main__":
    chosen = load(ProgrammeSettings)
    run(compose(chosen), chosen, sys.argv[1:])
