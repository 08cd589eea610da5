"""Saving a submission of 250 answers through gRPC, against the same writes in a bare pymongo transaction."""

import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from bench.measuring import Comparison, Stretch, compare, measured
from bench.stack import Stack, apart
from bench.visits import Visits, started_visits
from chassis.database import Row, client, db

SUBMISSIONS = {1: 50, 8: 80}
"""Clients at once -> submissions of a round, each to a visit of its own."""
ROUNDS = 2
WARM_UP = 10


def run(stack: Stack) -> list[Comparison]:
    """Rates and CPU, at one client and at eight."""
    rows = []
    for clients in SUBMISSIONS:
        sides = [apart(measure, stack, clients) for _ in range(ROUNDS)]
        ours, bare = [one for one, _ in sides], [other for _, other in sides]
        what = f"250 answers, {clients} client{'s' if clients > 1 else ''}"
        rows.append(compare(what, (one.rate for one in ours), (one.rate for one in bare), "submissions/s", "≥ 0.7"))
        cpu = f"{what}, CPU of all processes"
        rows.append(compare(cpu, (one.cpu_ms for one in ours), (one.cpu_ms for one in bare), "ms", "ours ≤ 4 ms"))
        for part, share in _shares(ours).items():
            rows.append(Comparison(f"– of it {part}", share, _shares(bare).get(part, 0.0), "ms"))
    return rows


def measure(stack: Stack, clients: int) -> tuple[Stretch, Stretch]:
    """Both sides in turn: the service's process answers real calls, then this process writes the same documents."""
    settings = stack.settings()
    count = SUBMISSIONS[clients]
    with started_visits(settings, count + WARM_UP) as (service, visits):
        _everyone(clients, visits.submit, visits.ids[:WARM_UP])
        with measured(count, service.pid, stack.mongod) as ours:
            _everyone(clients, visits.submit, visits.ids[WARM_UP:])
        ours.labels = {service.pid: "service", stack.mongod: "mongod"}
        bare = _measure_bare(visits, clients, count, stack.mongod)
    return ours, bare


def _measure_bare(visits: Visits, clients: int, count: int, mongod: int) -> Stretch:
    image = _Image(visits.ids[0])
    copies = image.prepare(count + WARM_UP)
    _everyone(clients, image.write, copies[:WARM_UP])
    with measured(count, mongod) as bare:
        _everyone(clients, image.write, copies[WARM_UP:])
    bare.labels = {mongod: "mongod"}
    return bare


class _Image:
    """What one submission left in the database, to be written again under other ids."""

    def __init__(self, id: str) -> None:
        root = db().assessments.find_one({"_id": id})
        fact = db().facts.find_one({"key": id, "type": "AnswersRecorded"})
        answer = db().requests.find_one({"_id": {"$regex": "/RecordAnswers/"}})
        assert root is not None
        assert fact is not None
        assert answer is not None
        self._answers = {id: row | {"at": row["at"].replace(tzinfo=None)} for id, row in root.pop("answers").items()}
        self._root, self._fact, self._answer = root, fact, answer

    def prepare(self, count: int) -> list[str]:
        """Roots without answers, as after the start of a visit."""
        rows: list[Row] = [self._root | {"_id": str(uuid.uuid4())} for _ in range(count)]
        db().assessments.insert_many(rows)
        return [row["_id"] for row in rows]

    def write(self, id: str) -> None:
        """One transaction: the answers into their root, the fact, and the answer kept for a retry."""
        unique = str(uuid.uuid4())
        fact = self._fact | {"_id": f"private/{id}/{unique}", "key": id, "event_id": unique}
        with client().start_session() as session:
            session.start_transaction(read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority"))
            state = {"_id": id, "state": "in_progress"}
            db().assessments.update_one(state, {"$set": {"answers": self._answers}}, session=session)
            db().facts.insert_one(fact, session=session)
            db().requests.insert_one(self._answer | {"_id": unique}, session=session)
            session.commit_transaction()


def _everyone(clients: int, submit: Callable[[str], None], ids: Iterable[str]) -> None:
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(submit, ids))


def _shares(stretches: list[Stretch]) -> dict[str, float]:
    """Milliseconds of CPU for each submission, by process, in the best round."""
    best = min(stretches, key=lambda one: one.cpu_ms)
    shares = {"client": best.own_cpu_ms}
    return shares | {best.labels[pid]: spent * 1000 / best.count for pid, spent in best.other_cpu.items()}
