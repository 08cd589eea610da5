"""A channel is a folder: one that is put in is there, one that is taken out is gone, and rules that name it say so."""

import shutil
import subprocess
import sys
from pathlib import Path

import notifications

PIGEON = '''"""Delivers by pigeon: writes each message into a file of the loft."""

from pathlib import Path

from notifications.channels import Envelope

DISTURBS = True
LOFT = Path(__file__).with_name("loft")


class Pigeon:
    """Flies at once."""

    def send(self, envelope: Envelope) -> None:
        """One file a message, so that a repeat is no second one."""
        LOFT.mkdir(exist_ok=True)
        (LOFT / envelope.message_id).write_text(envelope.content.subject)


def open_channel(settings: object) -> Pigeon:
    """Needs no settings."""
    return Pigeon()
'''
LOOK = """
from datetime import UTC, datetime
from notifications import channels, planning
from notifications.channels import Envelope
from notifications.domain.message import Content
from notifications.rules import RulesError
print("channels", channels.names(), [channels.disturbs(name) for name in channels.names()])
try:
    print("rules", len([rule for rule in planning.rules() if "pigeon" in rule.channels]))
except RulesError as error:
    print("refused", str(error).splitlines()[0])
if "pigeon" in channels.names():
    content = Content("en", "Coo", "coo", "<p>coo</p>", "/")
    channels.transport("pigeon").open_channel(None).send(Envelope("m-1", "Rana", "", content, datetime.now(UTC)))
    print("sent", [path.name for path in channels.transport("pigeon").LOFT.iterdir()])
"""


def copied(folder: Path) -> Path:
    """The package, copied, so that its folders can be changed."""
    package = folder / "notifications"
    shutil.copytree(Path(notifications.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    return package


def look(folder: Path) -> list[str]:
    """What the copy says of itself, in a process of its own."""
    command = [sys.executable, "-c", LOOK]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def test_a_folder_that_is_put_in_is_a_channel_that_rules_can_name(tmp_path: Path) -> None:
    package = copied(tmp_path)
    (package / "channels/pigeon").mkdir()
    (package / "channels/pigeon/__init__.py").write_text('"""By pigeon."""\n')
    (package / "channels/pigeon/transport.py").write_text(PIGEON)
    rules = package / "rules/programme.yaml"
    rules.write_text(rules.read_text().replace("channels: [inbox]", "channels: [inbox, pigeon]"))
    assert look(tmp_path) == [
        "channels ['email', 'inbox', 'pigeon'] [True, False, True]",
        "rules 1",
        "sent ['m-1']",
    ]


def test_a_folder_that_is_taken_out_is_gone_and_the_rules_that_name_it_are_told(tmp_path: Path) -> None:
    package = copied(tmp_path)
    shutil.rmtree(package / "channels/email")
    channels, refusal = look(tmp_path)
    assert channels == "channels ['inbox'] [False]"
    assert refusal.startswith(
        "refused assessment.yaml: rule 1 (assessment-started-to-factory): unknown channel 'email'"
    )
    for path in (package / "rules").glob("*.yaml"):
        path.write_text(path.read_text().replace("[email, inbox]", "[inbox]"))
    assert look(tmp_path) == ["channels ['inbox'] [False]", "rules 0"]
