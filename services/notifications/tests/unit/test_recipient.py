"""A recipient's particulars are checked one by one, and the same ones again change nothing."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from notifications.domain.errors import InvalidRecipient
from notifications.domain.facts import RecipientPut
from notifications.domain.recipient import Particulars, Recipient

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RANA = Particulars("Rana Haddad", "rana@factory.example", "ar-JO", "Asia/Amman", ["factory-manager"], ["JO"])


def test_the_same_particulars_again_record_nothing() -> None:
    recipient = Recipient("p1")
    recipient.put(RANA, NOW)
    recipient.put(replace(RANA, name=" Rana Haddad ", roles=["factory-manager"] * 2), NOW)
    assert recipient.recorded == [RecipientPut(NOW)]
    recipient.put(replace(RANA, language="en"), NOW)
    assert len(recipient.recorded) == 2


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("display_name", replace(RANA, name="  ")),
        ("display_name", replace(RANA, name="x" * 201)),
        ("display_name", replace(RANA, name="Rana\r\nBcc: all@example.org")),
        ("email", replace(RANA, email="")),
        ("email", replace(RANA, email="rana")),
        ("email", replace(RANA, email="rana@localhost")),
        ("email", replace(RANA, email="a@b.example, c@d.example")),
        ("email", replace(RANA, email="rana@factory.example\r\nBcc: x@y.example")),
        ("email", replace(RANA, email="رنا@factory.example")),
        ("email", replace(RANA, email="a" * 64 + "@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 63 + ".example")),
        ("language", replace(RANA, language="arabic")),
        ("language", replace(RANA, language="")),
        ("time_zone", replace(RANA, time_zone="Dhaka")),
        ("time_zone", replace(RANA, time_zone="../../etc/passwd")),
    ],
)
def test_it_refuses_particulars_that_cannot_be_used(field: str, bad: Particulars) -> None:
    recipient = Recipient("p1", RANA)
    with pytest.raises(InvalidRecipient) as refused:
        recipient.put(bad, NOW)
    assert refused.value.field == field
    assert (recipient.particulars, recipient.recorded) == (RANA, [])
