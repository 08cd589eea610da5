"""`python -m local_stack.demo`: put the demonstration data into the running stack, once."""

import functools
import sys

import grpc

from local_stack import running, tokens
from local_stack.demo import finance, remediation, seed, training
from local_stack.layout import default_layout
from local_stack.people import directory


def main() -> int:
    """Put everything in and remember it; 1 when a service refused something."""
    layout = default_layout()
    known = running.values(layout)
    token = functools.cache(functools.partial(tokens.person_token, f"http://127.0.0.1:{known['identity_http']}"))
    with (
        grpc.insecure_channel(f"127.0.0.1:{known['programme_grpc']}") as programme,
        grpc.insecure_channel(f"127.0.0.1:{known['assessment_grpc']}") as assessment,
        grpc.insecure_channel(f"127.0.0.1:{known['notifications_grpc']}") as notifications,
        grpc.insecure_channel(f"127.0.0.1:{known['training_grpc']}") as trainings,
        grpc.insecure_channel(f"127.0.0.1:{known['finance-linkage_grpc']}") as finances,
    ):
        try:
            seed.organisations(programme, token)
            seed.recipients(notifications, token, directory().people)
            seed.factories(programme, token)
            remediation.improvement(assessment, token)
            training.sessions(trainings, token)
            finance.records(finances, token)
        except seed.NotSeeded as problem:
            sys.stderr.write(f"{problem}\n")
            return 1
    layout.data.mkdir(exist_ok=True)  # absent when broker and database are elsewhere
    layout.seeded.touch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
