"""`python -m local_stack --help`: start, stop and look at the stack of this clone, and run commands beside it."""

import argparse
import sys

from local_stack import lifecycle
from local_stack.layout import Layout, default_layout


def main() -> int:
    """Run one command; its exit code."""
    chosen = _parser().parse_args()
    layout = default_layout()
    match chosen.command:
        case "up" if chosen.detach:
            return lifecycle.detach(layout)
        case "up":
            return lifecycle.up_in_foreground(layout, usual_ports=not chosen.any_ports)
        case "stop":
            return lifecycle.stop(layout)
        case "status":
            return lifecycle.show_status(layout)
        case "reset":
            return lifecycle.reset(layout)
        case "logs":
            return lifecycle.follow(layout, chosen.part)
        case "fetch":
            return lifecycle.fetch(layout)
        case _:
            return _beside(layout, chosen)


def _beside(layout: Layout, chosen: argparse.Namespace) -> int:
    from local_stack import beside  # its clients would slow down every start

    match chosen.command:
        case "topics":
            return beside.create_topics(layout, chosen.republish, chosen.replication)
        case "trace":
            return beside.show_trace(layout, chosen.id)
        case "token":
            return beside.print_token(layout, chosen.person)
        case _:
            return beside.run_beside(layout, chosen.service, chosen.arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="local_stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="start everything, in the foreground")
    up.add_argument("--detach", action="store_true", help="leave it running in the background")
    up.add_argument("--any-ports", action="store_true", help="leave the usual ports to others, as tests do")
    commands.add_parser("stop", help="stop everything")
    commands.add_parser("status", help="show what runs where; exit code 3 when nothing runs")
    commands.add_parser("reset", help="stop everything and delete its data")
    logs = commands.add_parser("logs", help="follow the logs")
    logs.add_argument("part", nargs="?", default="*", help="of this part only")
    commands.add_parser("fetch", help="fetch Kafka's jars and check that Java and mongod are there")
    topics = commands.add_parser("topics", help="create and verify topics; of KAFKA_BOOTSTRAP if that is set")
    topics.add_argument("--republish", metavar="STREAM", default="", help="publish a stream again from the facts")
    topics.add_argument("--replication", type=int, default=0, help="copies of each partition, if not by the brokers")
    trace = commands.add_parser("trace", help="show a trace")
    trace.add_argument("id", help="of a trace, an event or a resource")
    token = commands.add_parser("token", help="print an access token of somebody")
    token.add_argument("person", help="their key in people.yaml, such as team-leader")
    run = commands.add_parser("run", help="run a command of a service beside the running stack")
    run.add_argument("service")
    run.add_argument("arguments", nargs="+", help="as in: programme parked")
    return parser


if __name__ == "__main__":
    sys.exit(main())
