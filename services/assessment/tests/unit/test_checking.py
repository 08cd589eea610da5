"""The hand-written check of many answers finds what the contract's own rules find, no more and no less."""

import uuid

import protovalidate
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from hypothesis import given
from hypothesis import strategies as st

from amplify.assessment.v1.assessment_pb2 import FINDING_COMPLIANT
from amplify.assessment.v1.recording_pb2 import AnswerOperation, RecordAnswersRequest
from assessment.checking import check_recording

ID = str(uuid.UUID(int=7))
ids = st.sampled_from([ID, ID.upper(), "", "7", f"{ID}0", ID.replace("-", ""), f"\n{ID}", f"{ID}\n"])
values = st.one_of(
    st.just({}),
    st.integers(-1, 6).map(lambda finding: {"finding": finding}),
    st.sampled_from([-1, 0, 7, 1_000_000, 1_000_001]).map(lambda count: {"count": count}),
    st.sampled_from([-1, 0, 100, 101]).map(lambda percentage: {"percentage": percentage}),
    st.booleans().map(lambda yes_no: {"yes_no": yes_no}),
    st.just({"day": Date(year=2026)}),
)
operations = st.builds(
    lambda value, **fields: AnswerOperation(**fields, **value),
    values,
    operation_id=ids,
    question_id=st.sampled_from(["", "bd-1-1-1", "x" * 80, "x" * 81, "é" * 80]),
    note=st.sampled_from(["", "seen", "é" * 2000, "x" * 2001]),
    answer_time=st.sampled_from([None, Timestamp(), Timestamp(seconds=1_790_000_000)]),
)
requests = st.builds(
    RecordAnswersRequest,
    name=st.sampled_from(["", f"assessments/{ID}", f"assessments/{ID}/x", f"assessments/{ID}\n", "assessments/7"]),
    request_id=ids,
    operations=st.lists(operations, max_size=3),
)


def by_the_contract(request: RecordAnswersRequest) -> set[str]:
    """The fields that break a rule stated in the contract."""
    try:
        protovalidate.validate(request)
    except protovalidate.ValidationError as error:
        paths = [violation.proto.field.elements for violation in error.violations if violation.proto.field]
        return {
            ".".join(f"{part.field_name}{f'[{part.subscript.value}]' if part.subscript else ''}" for part in path)
            for path in paths
        }
    return set()


@given(requests)
def test_it_finds_what_the_contract_says(request: RecordAnswersRequest) -> None:
    assert {violation.field for violation in check_recording(request)} == by_the_contract(request)


def test_it_counts_operations_as_the_contract_does() -> None:
    sound = AnswerOperation(
        operation_id=ID, question_id="q", finding=FINDING_COMPLIANT, answer_time=Timestamp(seconds=1)
    )
    for count, wrong in ((0, {"operations"}), (1, set()), (500, set()), (501, {"operations"})):
        request = RecordAnswersRequest(name=f"assessments/{ID}", request_id=ID, operations=[sound] * count)
        assert {violation.field for violation in check_recording(request)} == by_the_contract(request) == wrong
