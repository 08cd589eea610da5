"""What a person sent: fields, files, the request id that makes a repeat harmless, and errors at their field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from starlette.datastructures import FormData, UploadFile

from console.clients.troubles import Refused

Words = Callable[[str, str], str]
"""Turns a reason's name and a service's English sentence into a sentence of the reader's language."""

REQUEST_ID = "request_id"
CSRF = "csrf"
MOST_FIELD_BYTES = 64 * 1024
"""Most that one field of a form may take on its way, escapes included."""


@dataclass
class Form:
    """A form as sent, or an empty one. `errors` are by field name; `problems` belong to no field on the page."""

    values: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @classmethod
    def sent(cls, data: FormData) -> "Form":
        """Sort what arrived into texts and files."""
        values: dict[str, list[str]] = {}
        files = {}
        for name, value in data.multi_items():
            if isinstance(value, UploadFile):
                files[name] = value
            else:
                values.setdefault(name, []).append(value.strip())
        return cls(values, files)

    def text(self, name: str, default: str = "") -> str:
        """The field's value without surrounding space; the default where it was not sent."""
        return self.values.get(name, [default])[0]

    def texts(self, name: str) -> list[str]:
        """Every value of a field that may be chosen more than once."""
        return [value for value in self.values.get(name, []) if value]

    @property
    def request_id(self) -> str:
        """Names this intention: a double click or a retry carries the same one, and the service acts once."""
        return self.text(REQUEST_ID) or str(uuid4())

    @property
    def wrong(self) -> bool:
        """Whether anything was refused."""
        return bool(self.errors or self.problems)

    def wrong_field(self, name: str, sentence: str) -> None:
        """Put an error at a field."""
        self.errors.setdefault(name, []).append(sentence)

    def refused(self, refusal: Refused, fields: Mapping[str, str], words: Words) -> None:
        """Put a service's refusal where the person can mend it.

        `fields` maps a path of the request to a field of the page; repeated entries are matched without their index.
        """
        for violation in refusal.violations:
            path = re.sub(r"\[\d+\]", "", violation.field)
            sentence = words(violation.reason, violation.description)
            name = fields.get(violation.field) or fields.get(path)
            if name:
                self.wrong_field(name, sentence)
            else:
                self.problems.append(sentence)
        if not refusal.violations:
            self.problems.append(words(refusal.reason, refusal.description))
