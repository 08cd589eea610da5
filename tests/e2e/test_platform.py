"""Every service starts, its demonstration data go in, and commands and traces work beside it."""

import os
import subprocess
import sys

import httpx
import pytest

from local_stack import trace
from local_stack.people import directory
from local_stack.platform import Platform
from local_stack.running import databases, values
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack


def test_the_console_leads_to_the_page_where_one_chooses_who_one_is(running_platform: Platform) -> None:
    with httpx.Client(follow_redirects=True, timeout=60) as browser:
        page = browser.get(running_platform.addresses["console"])
        assert page.status_code == 200
    assert httpx.get(running_platform.addresses["identity"], timeout=60).text.count('class="person"') == len(
        directory().people
    )


def test_demonstration_data_are_in(running_platform: Platform) -> None:
    assert running_platform.layout.seeded.exists()


def test_a_trace_is_found_by_the_id_of_a_factory(running_platform: Platform) -> None:
    known = values(running_platform.layout)

    def found() -> str:
        text = trace.trace(running_platform.layout, "factories/bd-1001", known["mongodb"], databases(known))
        return text if "publish" in text else ""

    assert "programme" in wait_until(found, 120)
    with pytest.raises(trace.UnknownId):
        trace.trace(running_platform.layout, "factories/xx-1", known["mongodb"], databases(known))


def test_commands_of_a_service_run_beside_it(running_platform: Platform) -> None:
    for arguments in (["run", "programme", "parked"], ["topics"], ["status"]):
        told = subprocess.run(
            [sys.executable, "-m", "local_stack", *arguments],
            env={**_environ(), "RUN_DIR": str(running_platform.layout.run)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stdout + told.stderr
    wrong = subprocess.run(
        [sys.executable, "-m", "local_stack", "run", "nobody", "parked"],
        env={**_environ(), "RUN_DIR": str(running_platform.layout.run)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert wrong.returncode == 1
    assert "no part nobody" in wrong.stdout


def _environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("KAFKA_BOOTSTRAP", "MONGODB_URI")}
