"""The program of training: `python -m training all`, one role of it, or an operator's command."""

import sys

from chassis import access as decisions
from chassis.service import Service, run
from chassis.settings import Settings, load
from chassis.unit_of_work import unit_of_work
from training import access, catalogue
from training.grpc_api import APIS
from training.service import DUE, REACTS
from training.storage import DOCUMENTS, prepare_tables
from training.use_cases.revise_course import commands, revise_course


def prepare() -> None:
    """What `migrate` does besides: tables, and the courses as the catalogue has them now."""
    prepare_tables()
    for command in commands(catalogue.load()):
        unit_of_work(lambda command=command: revise_course(command))  # type: ignore[misc]


def service() -> Service:
    """This service, put together."""
    decisions.declare(access.ACTIONS, access.KINDS)
    return Service("training", apis=APIS, consumers=REACTS, due=DUE, documents=DOCUMENTS, prepare=prepare)


if __name__ == "__main__":
    run(service(), load(Settings), sys.argv[1:])
