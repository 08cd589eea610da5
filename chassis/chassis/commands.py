"""What an operator runs by hand: `python -m <service> migrate | rebuild | republish | parked | redrive | skip | …`."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from chassis import generations, operations, parking, republish
from chassis.audit import Seals
from chassis.cause import Cause, because
from chassis.ids import new_id
from chassis.rebuild import rebuild
from chassis.service import Service, migrate
from chassis.settings import Settings
from chassis.unit_of_work import unit_of_work


def add(roles: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands and their arguments."""
    roles.add_parser("migrate", help="create collections and indexes, publish reference data; safe to repeat")
    roles.add_parser("rebuild", help="build a read model anew while it serves").add_argument("view")
    roles.add_parser("republish", help="publish a stream again from the facts").add_argument("stream")
    roles.add_parser("parked", help="list what is parked")
    audit = roles.add_parser("verify-audit", help="walk the chain of the audit; names the first row that does not hold")
    audit.add_argument("--head", default="", help="a head that was logged; the chain must have passed it")
    for name, text in (("redrive", "try a parked aggregate again"), ("skip", "give up its first parked fact")):
        one = roles.add_parser(name, help=text)
        one.add_argument("consumer", help="name@generation")
        one.add_argument("stream")
        one.add_argument("key")
        if name == "skip":
            one.add_argument("sequence", type=int)
            one.add_argument("reason")
    dismiss = roles.add_parser("dismiss", help="give up a record without readable headers")
    dismiss.add_argument("consumer", help="name@generation")
    dismiss.add_argument("stream")
    dismiss.add_argument("position", help="partition:offset, as `parked` lists it")
    dismiss.add_argument("reason")
    halt = roles.add_parser("clear-halt", help="let a halted consumer go on")
    halt.add_argument("consumer", help="name@generation")
    halt.add_argument("reason")


def run(service: Service, settings: Settings, chosen: argparse.Namespace) -> int:
    """Run a command; its exit code."""
    with because(Cause(new_id(), actor="operator")):
        return _run(service, settings, chosen)


def _run(service: Service, settings: Settings, chosen: argparse.Namespace) -> int:
    match chosen.role:
        case "migrate":
            migrate(service)
        case "rebuild":
            consumers = {one.view.name: one for one in service.consumers if one.view is not None}
            if chosen.view not in consumers:
                return _complain(f"no view {chosen.view}; there are: {', '.join(consumers) or 'none'}")
            generation = rebuild(settings, service.name, consumers[chosen.view])
            _print({"view": chosen.view, "generation": generation})
        case "republish":
            _print({"stream": chosen.stream, "facts": republish.republish(chosen.stream)})
        case "parked":
            for row in operations.parked():
                _print(row)
        case "verify-audit":
            found = Seals(settings).verify(chosen.head)
            _print(asdict(found))
            return 1 if found.broken else 0
        case "redrive":
            applier = operations.applier(service.consumers, chosen.consumer)
            _print({"empty": applier.drain(chosen.stream, chosen.key)})
        case "skip":
            applier = operations.applier(service.consumers, chosen.consumer)
            done = unit_of_work(lambda: applier.skip_head(chosen.stream, chosen.key, chosen.sequence, chosen.reason))
            applier.drain(chosen.stream, chosen.key)
            _print({"missing_given_up": done.missing})
        case "dismiss":
            unit_of_work(
                lambda: parking.dismiss_unreadable(chosen.consumer, chosen.stream, chosen.position, chosen.reason)
            )
        case "clear-halt":
            unit_of_work(lambda: generations.clear_halt(chosen.consumer, chosen.reason))
    return 0


def _print(content: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(content, default=str) + "\n")


def _complain(text: str) -> int:
    sys.stderr.write(text + "\n")
    return 2
