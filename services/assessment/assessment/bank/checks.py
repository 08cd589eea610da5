"""The rules that hold across questions: unique ids, sane dates, no two versions of a question on one day."""

from collections import defaultdict
from itertools import combinations

from assessment.bank.reading import Node
from assessment.domain.questions import Question

Placed = tuple[Node, Question]


def check_questions(placed: list[Placed]) -> None:
    """Notes each broken rule at the later of the questions concerned."""
    for node, question in placed:
        if question.effective_to is not None and question.effective_to < question.effective_from:
            node.fail(f"ends on {question.effective_to}, before it starts on {question.effective_from}")
    _check_national_ids(placed)
    _check_global_ids(placed)


def _check_national_ids(placed: list[Placed]) -> None:
    """A national id stands for one global question of one country, and for one version of it on any day."""
    versions: dict[str, list[Placed]] = defaultdict(list)
    for pair in placed:
        versions[pair[1].id].append(pair)
    for national_id, pairs in versions.items():
        for (_, first), (node, second) in combinations(pairs, 2):
            if (first.global_id, first.country) != (second.global_id, second.country):
                node.fail(f"is a duplicate id {national_id!r}, used for {first.global_id!r} in {first.country}")
            elif _overlap(first, second):
                node.fail(f"overlaps the version of {national_id!r} that starts on {first.effective_from}")


def _check_global_ids(placed: list[Placed]) -> None:
    """A global id is written once: in one compliance point, with one answer kind."""
    homes: dict[str, tuple[str, str]] = {}
    for node, question in placed:
        home = (f"{node.file}", node.path.rsplit(".national", 1)[0])
        first = homes.setdefault(question.global_id, home)
        if first != home:
            node.fail(f"is a duplicate of the global question {question.global_id!r} in {first[0]}: {first[1]}")


def _overlap(first: Question, second: Question) -> bool:
    first_ends = first.effective_to is None or first.effective_to >= second.effective_from
    second_ends = second.effective_to is None or second.effective_to >= first.effective_from
    return first_ends and second_ends
