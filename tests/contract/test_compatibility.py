"""The guard against breaking contracts: it is there, it passes, and it refuses what it must."""

import shutil
from pathlib import Path

import check
import generate
import pytest


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the contract files, to be broken."""
    shutil.copytree(generate.PROTO / "amplify", tmp_path / "amplify")
    return tmp_path


def _change(root: Path, file: str, old: str, new: str) -> None:
    path = root / "amplify" / file
    source = path.read_text()
    assert source.count(old) == 1, f"{file} says {old!r} {source.count(old)} times"
    path.write_text(source.replace(old, new))


def test_there_is_a_release_to_compare_with() -> None:
    release = check.last_release()
    assert release is not None
    assert release.stem == "0.1.0"


def test_the_contracts_as_they_are_pass() -> None:
    assert check.lint() == ""
    assert check.breaking() == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "finding"),
    [
        (
            "assessment/v1/assessment_events.proto",
            "  // Why.\n  ReturnReason reason = 5;\n",
            "",
            'field "5" with name "reason" on message "AssessmentReturned" was deleted',
        ),
        (
            "programme/v1/programme_events.proto",
            "google.protobuf.Timestamp withdraw_time = 6;",
            "google.protobuf.Timestamp withdraw_time = 7;",
            'field "6" with name "withdraw_time" on message "ConsentWithdrawn" was deleted',
        ),
        (
            "assessment/v1/report.proto",
            "int32 assessed = 2;",
            "string assessed = 2;",
            'on message "Rate" changed type from "int32" to "string"',
        ),
        (
            "programme/v1/factory.proto",
            "  // Production stands still for a while.\n  SUSPEND_REASON_TEMPORARY_STOP = 4;\n",
            "",
            'enum value "4" on enum "SuspendReason" was deleted',
        ),
        (
            "notifications/v1/inbox_service.proto",
            "  // Counts the caller's unread messages.\n"
            "  rpc CountUnreadMessages(CountUnreadMessagesRequest) returns (CountUnreadMessagesResponse);\n",
            "",
            'RPC "CountUnreadMessages" on service "InboxService" was deleted',
        ),
    ],
    ids=["deleted field", "renumbered field", "other type", "deleted value", "deleted rpc"],
)
def test_a_break_is_refused(copy: Path, file: str, old: str, new: str, finding: str) -> None:
    _change(copy, file, old, new)
    assert finding in check.breaking(copy).replace("Previously present ", "").replace("Previously ", "")


def test_growth_is_allowed(copy: Path) -> None:
    _change(
        copy,
        "assessment/v1/report.proto",
        "int32 assessed = 2;",
        "int32 assessed = 2;\n  // Points that were not.\n  int32 unassessed = 3;",
    )
    assert check.breaking(copy) == ""
    assert check.lint(copy) == ""


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("int32 assessed = 2;", "int32 Assessed = 2;", "lower_snake_case"),
        ("POINT_STATUS_UNSPECIFIED = 0;", "POINT_STATUS_NONE = 0;", "_UNSPECIFIED"),
        ("  // Key of the cluster.\n  string cluster = 1;\n  // Its", "  string cluster = 1;\n  // Its", "comment"),
    ],
    ids=["field name", "zero value", "no comment"],
)
def test_what_buf_calls_untidy_is_refused(copy: Path, old: str, new: str, finding: str) -> None:
    _change(copy, "assessment/v1/report.proto", old, new)
    assert finding in check.lint(copy)


def test_buf_lints_everything_and_exempts_nothing() -> None:
    rules = check.RULES.read_text()
    assert "STANDARD" in rules
    assert "except" not in rules
    assert "ignore" not in rules
    assert not [name for name in generate.sources() if "buf:lint:ignore" in (generate.PROTO / name).read_text()]


def test_generated_pages_are_current() -> None:
    assert check.catalogues() == ""
