"""Puts messages and digests into the words of their reader, with names beside ids."""

import logging
from collections.abc import Sequence

from notifications.channels import Refused, TryLater
from notifications.domain.message import Content, Message, Reason
from notifications.domain.recipient import Particulars
from notifications.read_models import directory
from notifications.rendering import CannotRender, Item, Reader, render, render_digest, render_item, spoken

log = logging.getLogger(__name__)


def compose(message: Message, reader: Particulars, console_url: str) -> Content:
    """What the message says. Raises TryLater for a name that is not known yet, Refused for a mistake of ours."""
    words = _words(message, reader)
    try:
        return render(
            message.template,
            words,
            _reader(reader),
            link=message.link,
            console_url=console_url,
            reference=message.id,
        )
    except CannotRender as error:
        log.exception("a template cannot be rendered", extra={"message_id": message.id, "template": message.template})
        raise Refused(Reason.CONTENT_UNUSABLE) from error


def compose_digest(digest: Message, carried: Sequence[Message], reader: Particulars, console_url: str) -> Content:
    """The letter with all of `carried`, each of which `compose` could put into words a moment ago."""
    items = [_item(one, reader, console_url) for one in carried]
    return render_digest(items, _reader(reader), link=digest.link, console_url=console_url, reference=digest.id)


def _item(message: Message, reader: Particulars, console_url: str) -> Item:
    return render_item(
        message.template, _words(message, reader), _reader(reader), link=message.link, console_url=console_url
    )


def _words(message: Message, reader: Particulars) -> dict[str, str]:
    try:
        return directory.put_into_words(message.parameters, spoken(reader.language))
    except directory.NotKnownYet as unknown:
        raise TryLater(Reason.NAME_UNKNOWN) from unknown


def _reader(particulars: Particulars) -> Reader:
    return Reader(particulars.name, particulars.language, particulars.time_zone)
