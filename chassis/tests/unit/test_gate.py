"""Overload is refused at once, and what is refused is what exceeds the limit."""

import threading

import pytest

from chassis.errors import DeadlinePassed, Overloaded
from chassis.gate import Gate, Places
from local_stack.waiting import wait_until


def test_one_works_one_waits_and_the_third_is_refused() -> None:
    gate, leave, entered, waited = Gate(working=1, admitted=2), threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        with gate.passing(None):
            entered.set()
            leave.wait(60)

    def wait() -> None:
        with gate.passing(60):
            waited.set()

    first, second = threading.Thread(target=work), threading.Thread(target=wait)
    first.start()
    assert entered.wait(30)
    second.start()
    wait_until(lambda: gate._inside._value == 0)
    assert not waited.wait(0.05)
    with pytest.raises(Overloaded), gate.passing(10):
        pass
    leave.set()
    second.join(30)
    assert waited.is_set()
    with gate.passing(None):
        pass


def test_whoever_waits_too_long_is_told_so_and_leaves_no_trace() -> None:
    gate = Gate(working=1, admitted=2)
    with gate.passing(None):
        for _ in range(3):
            with pytest.raises(DeadlinePassed), gate.passing(0.01):
                pass
    with gate.passing(0.01):
        pass


def test_nobody_takes_every_place() -> None:
    places = Places(3, of_one=2)
    with places.taken("a"), places.taken("a"):
        with pytest.raises(Overloaded, match="as many streams"), places.taken("a"):
            pass
        with places.taken("b"), pytest.raises(Overloaded, match="Too many"), places.taken("c"):
            pass
        with places.taken("c"):
            pass
    with places.taken("a"):
        pass
