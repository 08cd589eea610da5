"""A repository writes only what changed, guards by version, keeps facts in order and reads through a filter."""

from datetime import UTC, datetime

import ledger
import pytest
from commands_seen import commands
from harness import World
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger import Account, accounts

from chassis import clock, paging
from chassis.access import EVERYTHING, Filter
from chassis.changes import changed_paths
from chassis.database import db
from chassis.errors import Aborted, AlreadyExists, Invalid, NotFound
from chassis.unit_of_work import unit_of_work

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("store")]
NOTHING = Filter({"_id": {"$in": []}})


def test_only_the_changed_paths_are_written_under_the_version() -> None:
    """A concurrent writer of another field is not overwritten, and one of the same document is noticed."""
    ledger.open_account("paths")
    with commands() as heard:
        ledger.credit("paths", 5)
    (update,) = [one for one in heard if one.get("update") == "accounts"]
    (change,) = update["updates"]
    assert change["q"] == {"_id": "paths", "version": 1}
    assert set(change["u"]["$set"]) == {"balance", "version", "order", f"sequences.{ledger.STREAM}"}


def test_saving_what_did_not_change_writes_nothing() -> None:
    """No command, no version, no fact."""
    ledger.open_account("same")
    with commands() as heard:
        unit_of_work(lambda: accounts.save(accounts.get(EVERYTHING, "same")))
    assert not [one for one in heard if "update" in one or "insert" in one]


def test_a_version_that_moved_reruns_the_work() -> None:
    """Whoever wrote in between, the work is done on what is there now."""
    ledger.open_account("versioned")
    runs: list[int] = []

    def work() -> None:
        account = accounts.get(EVERYTHING, "versioned")
        runs.append(1)
        if len(runs) == 1:
            db().accounts.update_one({"_id": "versioned"}, {"$inc": {"version": 1}})
        account.credit(1)
        accounts.save(account)

    unit_of_work(work)
    assert len(runs) == 2


def test_the_order_of_an_aggregates_facts_rises_though_the_clock_steps_back(store: World) -> None:
    """`order` is what the relay sorts by."""
    file = store.folder / "clock"
    clock.configure(file)
    clock.move(file, 3600)
    try:
        ledger.open_account("timeless", 2)
        clock.move(file, 0)
        ledger.credit("timeless", 3)
        clock.move(file, -3600)
        ledger.credit("timeless", 4)
    finally:
        clock.configure(None)
    rows = list(db().facts.find({"key": "timeless"}).sort("sequence", 1))
    orders = [row["order"] for row in rows]
    assert [row["sequence"] for row in rows] == [1, 2, 3, 4, 5]
    assert orders == sorted(set(orders))


def test_private_facts_take_no_sequence_and_are_never_pending() -> None:
    """A reader of the stream must not see a hole where a private fact is."""
    ledger.open_account("discreet")

    def work() -> None:
        account = accounts.get(EVERYTHING, "discreet")
        account.note("between ourselves")
        account.credit(1)
        account.note("and this")
        accounts.save(account)

    unit_of_work(work)
    public = list(db().facts.find({"key": "discreet", "stream": ledger.STREAM}).sort("order", 1))
    private = list(db().facts.find({"key": "discreet", "stream": {"$exists": False}}).sort("order", 1))
    assert [row["sequence"] for row in public] == [1, 2]
    assert [row["body"]["text"] for row in private] == ["between ourselves", "and this"]
    assert not any("pending" in row or "value" in row for row in private)
    assert private[0]["order"] < public[1]["order"] < private[1]["order"]


def test_a_filter_hides_as_if_there_were_nothing() -> None:
    """Denied and missing look the same, in every way to read."""
    ledger.open_account("hidden")
    for read in (
        lambda: accounts.read(NOTHING, "hidden"),
        lambda: accounts.read(EVERYTHING, "missing"),
        lambda: unit_of_work(lambda: accounts.get(NOTHING, "hidden")),
    ):
        with pytest.raises(NotFound):
            read()
    assert accounts.find(NOTHING, {}).rows == []
    assert accounts.count(NOTHING, {}) == 0
    assert accounts.read(EVERYTHING, "hidden")["_id"] == "hidden"


def test_a_taken_id_and_a_stale_etag_are_refused_and_change_nothing() -> None:
    """The etag is the version that the caller has seen."""
    ledger.open_account("taken")
    with pytest.raises(AlreadyExists):
        ledger.open_account("taken")
    etag = accounts.etag(accounts.read(EVERYTHING, "taken"))
    unit_of_work(lambda: ledger.add_credit("taken", 1, etag))
    with pytest.raises(Aborted):
        unit_of_work(lambda: ledger.add_credit("taken", 1, etag))
    assert accounts.read(EVERYTHING, "taken")["balance"] == 1
    assert db().facts.count_documents({"key": "taken"}) == 2


SIMPLE = st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab", max_size=2)
KEYS = st.sampled_from(["a", "b", "c", "x.y", "$z", ""])
DOCUMENTS = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]),
    st.recursive(SIMPLE, lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=3)),
    max_size=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DOCUMENTS, DOCUMENTS)
def test_applying_the_changed_paths_makes_the_document_what_it_became(before: dict, after: dict) -> None:  # type: ignore[type-arg]
    """Checked with the server's own update."""
    to_set, to_unset = changed_paths(before, after)
    db().documents.replace_one({"_id": 1}, before, upsert=True)
    update = {"$set": to_set} if to_set else {}
    update |= {"$unset": dict.fromkeys(to_unset, "")} if to_unset else {}
    if update:
        db().documents.update_one({"_id": 1}, update)
    kept = db().documents.find_one({"_id": 1}) or {}
    assert {key: value for key, value in kept.items() if key != "_id"} == after
    assert bool(update) == (before != after or (str(before) != str(after) and _types(before) != _types(after)))


def _types(value: object) -> object:
    if isinstance(value, dict):
        return {key: _types(one) for key, one in value.items()}
    return [_types(one) for one in value] if isinstance(value, list) else type(value)


@pytest.fixture(scope="module")
def rows(store: World) -> list[dict[str, object]]:
    """Documents with few distinct values, so that ties are the rule."""
    made = [{"_id": f"row-{n:02d}", "a": n % 3, "b": datetime(2026, 1, 1 + n % 2, tzinfo=UTC)} for n in range(40)]
    for row in made:
        ledger.open_account(str(row["_id"]))
        db().accounts.update_one({"_id": row["_id"]}, {"$set": row})
    return made


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from([("a", 1), ("a", -1), ("b", 1), ("b", -1)]), max_size=2, unique_by=lambda one: one[0]),
    st.sampled_from([1, -1]),
    st.integers(1, 45),
)
def test_pages_hold_every_row_once_and_in_order(
    rows: list[dict[str, object]], fields: list[tuple[str, int]], last: int, page_size: int
) -> None:
    """Whatever the order and the size, with ties and both directions."""
    sort = [*fields, ("_id", last)]
    query = {"_id": {"$regex": "^row-"}}
    seen: list[str] = []
    token = ""
    while True:
        page = accounts.find(EVERYTHING, query, sort=sort, page_size=page_size, page_token=token)
        assert len(page.rows) <= page_size
        seen += [row["_id"] for row in page.rows]
        token = page.next_page_token
        if not token:
            break
    assert seen == [row["_id"] for row in db().accounts.find(query).sort(sort)]


@pytest.mark.parametrize("token", ["x", "AAAA", "e30=", "bnVsbA==", "é"])
def test_a_token_that_no_list_returned_is_refused_by_field(token: str) -> None:
    """Bad input gets a clear error."""
    with pytest.raises(Invalid) as refused:
        accounts.find(EVERYTHING, {}, page_token=token)
    assert refused.value.violations[0].field == "page_token"


def test_a_token_of_another_list_is_refused(rows: list[dict[str, object]]) -> None:
    """Filters and order belong to the token."""
    token = accounts.find(EVERYTHING, {"a": 1}, page_size=2).next_page_token
    with pytest.raises(Invalid):
        accounts.find(EVERYTHING, {"a": 2}, page_token=token)
    with pytest.raises(Invalid):
        accounts.find(EVERYTHING, {"a": 1}, sort=[("_id", -1)], page_token=token)
    with pytest.raises(Invalid):
        accounts.find(EVERYTHING, {}, page_size=-1)
    assert paging.size(10_000) == paging.LARGEST_SIZE


def test_an_account_that_breaks_its_schema_is_not_saved() -> None:
    """The document class is the last guard."""
    with pytest.raises(Exception, match=r"(?i)required|owner|string"):
        unit_of_work(lambda: accounts.add(Account("bad", None)))  # type: ignore[arg-type]
    assert db().accounts.find_one({"_id": "bad"}) is None
