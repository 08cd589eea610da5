"""What people read: their language, direction, hour and calendar words; nothing from outside becomes markup."""

import re

import pytest

from notifications import rendering
from notifications.domain.message import Content
from notifications.rendering import CannotRender, Reader, render, spoken

RANA = Reader("Rana Haddad", "ar-JO", "Asia/Amman")
AYESHA = Reader("Ayesha Karim", "en", "Asia/Dhaka")
WORDS = {
    "factory_name": "Blue Delta Knit",
    "organisation_name": "North Sea Apparel",
    "country": "BD",
    "scope": "REPORTS",
    "ended_at": "2026-12-02T04:00:00+00:00",
    "expires_at": "2027-05-01T00:00:00+00:00",
    "started_at": "2026-11-23T03:00:00+00:00",
    "submitted_at": "2026-11-25T11:30:00+00:00",
    "returned_at": "2026-11-26T04:00:00+00:00",
    "released_at": "2026-12-01T04:00:00+00:00",
    "due_at": "2026-12-22T18:00:00+00:00",
    "day": "2026-12-03",
    "former_day": "2026-12-01",
    "due_day": "2026-12-22",
    "course_name": "Supervisory Skills",
    "product_name": "Supplier finance",
    "topic": "consent",
    "audience": "named-buyer",
}


def page(template: str, reader: Reader, **words: str) -> Content:
    return render(
        template, {**WORDS, **words}, reader, link="/factories/bd-1001", console_url="http://c/", reference="ref-1"
    )


@pytest.mark.parametrize("template", rendering.templates())
@pytest.mark.parametrize("reader", [RANA, AYESHA], ids=["ar", "en"])
def test_every_template_renders_with_one_button(template: str, reader: Reader) -> None:
    content = page(template, reader)
    language, direction = (spoken(reader.language), "rtl" if reader is RANA else "ltr")
    assert f'<html lang="{language}" dir="{direction}">' in content.html
    assert re.findall(r'href="([^"]*)"', content.html) == ["http://c/factories/bd-1001"]
    assert "http://c/factories/bd-1001" in content.text
    assert "ref-1" in content.text
    assert "ref-1" in content.html
    assert reader.name in content.text
    assert 8 < len(content.subject) < 120
    assert "\n" not in content.subject
    assert "{" not in content.text + content.html
    assert not re.search(r"<[a-z]|&[a-z]+;", content.text)


@pytest.mark.parametrize("template", rendering.templates())
def test_arabic_is_written_in_arabic(template: str) -> None:
    content = page(template, RANA)
    letters = re.sub(
        r"http\S+|Blue Delta Knit|North Sea Apparel|Supervisory Skills|Supplier finance|Rana Haddad|ref-1",
        "",
        content.subject + content.text,
    )
    assert re.search(r"[\u0600-\u06ff]{3}", letters)
    assert not re.search(r"[A-Za-z]", letters)


def test_the_moment_is_told_in_the_readers_zone_and_calendar_words() -> None:
    assert "23 December 2026, 00:00 (Bangladesh Standard Time)" in page("release-reminder", AYESHA).text
    assert "22 كانون الأول 2026، 21:00" in page("release-reminder", RANA).text
    cairo = Reader("Salma", "ar", "Africa/Cairo")
    assert "22 ديسمبر 2026، 20:00" in page("release-reminder", cairo).text


def test_a_name_is_text_wherever_it_stands() -> None:
    name = '<script>alert(1)</script> & "Sons"\nBcc: all@example.org {{ 7 * 7 }}'
    content = page("report-released-buyer", AYESHA, factory_name=name)
    assert "<script>" not in content.html
    assert "&lt;script&gt;" in content.html
    assert "49" not in content.html
    assert content.subject.startswith('An assessment report of <script>alert(1)</script> & "Sons" Bcc: all@example.org')


def test_a_latin_name_is_isolated_in_arabic_and_plain_in_english() -> None:
    assert "\u2068Blue Delta Knit\u2069" in page("consent-granted", RANA).text
    assert "<bdi>Blue Delta Knit</bdi>" in page("consent-granted", RANA).html
    assert "\u2068" not in page("consent-granted", AYESHA).text


def test_a_language_we_do_not_write_is_answered_in_english() -> None:
    content = page("report-released", Reader("Linh", "vi-VN", "Asia/Ho_Chi_Minh"))
    assert content.language == "en"
    assert "1 December 2026" in content.text


def test_a_missing_word_or_a_broken_time_is_an_error_not_a_gap() -> None:
    with pytest.raises(CannotRender, match="due_at"):
        render("release-reminder", {"factory_name": "x"}, AYESHA, link="/", console_url="http://c", reference="r")
    with pytest.raises(CannotRender, match="no words for the scope"):
        page("consent-granted", AYESHA, scope="EVERYTHING")
    with pytest.raises(CannotRender):
        page("release-reminder", AYESHA, due_at="tomorrow")
