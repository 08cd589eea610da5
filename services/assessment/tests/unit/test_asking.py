"""Asking together is no cache: whoever asks gets an answer that was given after they asked."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from assessment.partners.asking import TogetherConsents
from assessment.partners.consents import Grant, Grants, Scope
from chassis.errors import Unavailable
from local_stack.waiting import wait_until


class Ledger:
    """Answers after a while with what was live when the question began; counts questions."""

    def __init__(self) -> None:
        self.grants: Grants = {}
        self.asked = 0
        self.fails = False
        self.until: Callable[[], bool] = lambda: True

    def live(self, organisation_id: str, factory_id: str = "") -> Grants:
        """What is live."""
        self.asked += 1
        found = self.grants
        time.sleep(0.02)
        wait_until(self.until)
        if self.fails:
            raise Unavailable("down")
        return found


GRANT: Grants = {("bd-1", Scope.REPORTS): Grant("g", "bd-1", Scope.REPORTS, (), 0, None, None)}  # type: ignore[arg-type]


def test_many_who_ask_at_once_cost_two_questions() -> None:
    ledger = Ledger()
    together = TogetherConsents(ledger)
    ledger.until = lambda: ledger.asked > 1 or together._lines["o", ""].people == 50
    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(lambda _: together.live("o"), range(50))) == [{}] * 50
    assert ledger.asked <= 2


def test_nobody_gets_an_answer_from_before_the_question() -> None:
    """The ledger flips all the time; a question that begins after a withdrawal never hears of the grant."""
    ledger, stop = Ledger(), threading.Event()
    together = TogetherConsents(ledger)
    stale: list[bool] = []
    withdrawals = [0.0]  # grows by a half with each grant and each withdrawal: whole while there is no grant

    def ask() -> None:
        while not stop.is_set():
            before = withdrawals[0]
            answer = together.live("o")
            if before.is_integer() and withdrawals[0] == before:
                stale.append(bool(answer))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        withdrawals[0] += 0.5
        ledger.grants = GRANT
        time.sleep(0.03)
        ledger.grants = {}
        withdrawals[0] += 0.5
        enough = len(stale) + 8
        wait_until(lambda enough=enough: len(stale) >= enough)
    stop.set()
    for thread in threads:
        thread.join()
    assert not any(stale)


def test_organisations_do_not_share_an_answer_and_a_failure_reaches_all() -> None:
    ledger = Ledger()
    together = TogetherConsents(ledger)
    together.live("one")
    together.live("two")
    assert ledger.asked == 2
    ledger.fails = True
    with ThreadPoolExecutor(5) as pool:
        for one in [pool.submit(together.live, "o") for _ in range(5)]:
            with pytest.raises(Unavailable):
                one.result()
