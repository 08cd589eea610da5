"""The shortest list of changes that turns an outcome around, found by searching and not by assuming.

Conditions are joined by "and" and "or" alone, so that only meeting more can make a factory eligible and only meeting
less can end it. The search therefore tries subsets of what fails (or holds), smallest first; what no subset can do
without is taken into all of them at once.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from finance_linkage.domain.rules import Condition, Result, satisfied


def shortest_flip(conditions: Sequence[Condition], results: Mapping[str, Result]) -> tuple[Condition, ...]:
    """The changes, in the order of the rules; of several shortest lists the first in that order.

    Empty where nothing turns it around: rules without conditions are always satisfied.
    """
    met = frozenset(code for code, result in results.items() if result is Result.MET)
    if satisfied(conditions, met):
        holding = [one for one in conditions if one.code in met]
        return _smallest(holding, lambda changed: not satisfied(conditions, met - changed))
    failing = [one for one in conditions if one.code not in met]
    return _smallest(failing, lambda changed: satisfied(conditions, met | changed))


def _smallest(candidates: Sequence[Condition], turns: Callable[[frozenset[str]], bool]) -> tuple[Condition, ...]:
    """The smallest subset that turns the outcome; `turns` is monotone in what it is given."""
    everything = frozenset(one.code for one in candidates)
    if not turns(everything):
        return ()
    needed = frozenset(code for code in everything if not turns(everything - {code}))
    rest = [one.code for one in candidates if one.code not in needed]
    for size in range(len(rest) + 1):
        for chosen in combinations(rest, size):
            changed = needed.union(chosen)
            if turns(changed):
                return tuple(one for one in candidates if one.code in changed)
    raise AssertionError("everything turns it, so some subset does")
