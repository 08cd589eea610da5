"""The guard against breaking contracts: it is there, it passes, and it refuses what it must."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import check
import generate
import pytest


@dataclass(frozen=True)
class Change:
    """An edit of one contract file: `old` stands in it once; `finding` is a part of what buf must say."""

    file: str
    old: str
    new: str
    finding: str = ""


BREAKS = {
    "deleted field": Change(
        "assessment/v1/assessment_events.proto",
        "  // Why.\n  ReturnReason reason = 5;\n",
        "",
        'field "5" with name "reason" on message "AssessmentReturned" was deleted',
    ),
    "renumbered field": Change(
        "programme/v1/programme_events.proto",
        "google.protobuf.Timestamp withdraw_time = 6;",
        "google.protobuf.Timestamp withdraw_time = 70;",
        'field "6" with name "withdraw_time" on message "ConsentWithdrawn" was deleted',
    ),
    "other type": Change(
        "assessment/v1/report.proto",
        "int32 assessed = 2;",
        "string assessed = 2;",
        'on message "Rate" changed type from "int32" to "string"',
    ),
    "deleted value": Change(
        "programme/v1/factory.proto",
        "  // Production stands still for a while.\n  SUSPEND_REASON_TEMPORARY_STOP = 4;\n",
        "",
        'enum value "4" on enum "SuspendReason" was deleted',
    ),
    "deleted rpc": Change(
        "notifications/v1/inbox_service.proto",
        "  // Counts the caller's unread messages.\n"
        "  rpc CountUnreadMessages(CountUnreadMessagesRequest) returns (CountUnreadMessagesResponse);\n",
        "",
        'RPC "CountUnreadMessages" on service "InboxService" was deleted',
    ),
}
UNTIDY = {
    "field name": Change("assessment/v1/report.proto", "int32 assessed", "int32 Assessed", "lower_snake_case"),
    "zero value": Change(
        "assessment/v1/report.proto", "POINT_STATUS_UNSPECIFIED", "POINT_STATUS_NONE", 'suffixed with "_UNSPECIFIED"'
    ),
    "no comment": Change(
        "platform/v1/operations.proto", "  // How often the lease has changed hands.\n", "", '"epoch" should have'
    ),
}
GROWTH = {
    "new field": Change(
        "assessment/v1/report.proto",
        "int32 assessed = 2;",
        "int32 assessed = 2;\n  // Points that were not.\n  int32 unassessed = 3;",
    )
}


def _changed(folder: Path, changes: Iterable[Change]) -> Path:
    """A copy of the contract files with all of the changes."""
    shutil.copytree(generate.PROTO / "amplify", folder / "amplify")
    for change in changes:
        path = folder / "amplify" / change.file
        source = path.read_text()
        assert source.count(change.old) == 1, f"{change.file} says {change.old!r} {source.count(change.old)} times"
        path.write_text(source.replace(change.old, change.new))
    return folder


@pytest.fixture(scope="module")
def said_of_breaks(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the check against the last release says of the breaks."""
    said = check.breaking(_changed(tmp_path_factory.mktemp("broken"), BREAKS.values()))
    return said.replace("Previously present ", "")


@pytest.fixture(scope="module")
def said_of_untidiness(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the lint says of untidy contracts."""
    return check.lint(_changed(tmp_path_factory.mktemp("untidy"), UNTIDY.values()))


def test_there_are_releases_to_compare_with() -> None:
    assert check.releases()[0].stem == "0.1.0"


def test_the_contracts_as_they_are_pass() -> None:
    assert check.lint() == ""
    assert check.breaking() == ""


@pytest.mark.parametrize("case", BREAKS)
def test_a_break_is_refused(case: str, said_of_breaks: str) -> None:
    assert BREAKS[case].finding in said_of_breaks


@pytest.mark.parametrize("case", UNTIDY)
def test_what_buf_calls_untidy_is_refused(case: str, said_of_untidiness: str) -> None:
    assert UNTIDY[case].finding in said_of_untidiness


def test_other_partitions_than_the_last_release_has_are_refused(tmp_path: Path) -> None:
    """Whatever a new stream has; and the last release says what it has."""
    copy = Path(shutil.copytree(generate.PROTO / "topics", tmp_path / "topics"))
    assert check.partitions(copy) == ""
    file = copy / "programme-consents.yaml"
    source = file.read_text()
    (copy / "new.yaml").write_text(source.replace("programme-consents", "programme-wishes").replace("ons: 6", "ons: 9"))
    assert check.partitions(copy) == ""
    file.write_text(source.replace("partitions: 6", "partitions: 12"))
    assert check.partitions(copy) == "programme-consents: 12 partitions, the last release has 6"


def test_growth_is_allowed(tmp_path: Path) -> None:
    copy = _changed(tmp_path, GROWTH.values())
    assert check.breaking(copy) == ""
    assert check.lint(copy) == ""


def test_buf_lints_everything_and_exempts_nothing() -> None:
    rules = check.RULES.read_text()
    assert "STANDARD" in rules
    assert "except" not in rules
    assert "ignore" not in rules
    assert not [name for name in generate.sources() if "buf:lint:ignore" in (generate.PROTO / name).read_text()]


def test_generated_pages_are_current() -> None:
    assert check.catalogues() == ""
