"""Hands in a factory list, shows how far it is, and names what is wrong with each row that was not taken over."""

from collections.abc import Sequence
from importlib import resources
from uuid import uuid4

from starlette.responses import Response

from amplify.programme.v1.factory_import_pb2 import FactoryImport, FactoryImportRow, FactoryImportState, RowOutcome
from amplify.programme.v1.factory_import_service_pb2 import ListFactoryImportRowsResponse
from console.codes import code_of, codes, number
from console.lists import Column, Listing, get_csv
from console.page import Menu, Page, get, post
from console.roles import OFFICE
from console.visit import Visit

LARGEST_BYTES = 2 * 1024 * 1024
FIELDS = {"csv": "file"}
SAMPLE = resources.files("console.pages.imports") / "sample.csv"


def ask(visit: Visit) -> Response:
    """The form, and the latest imports."""
    imports = visit.part(visit.services.programme.imports)
    return visit.show("imports/new.html", imports=imports, import_id=visit.form.text("import_id", str(uuid4())))


def hand_in(visit: Visit) -> Response:
    """Take the file to programme, or say what is wrong with it."""
    form = visit.form
    file = form.files.get("file")
    csv = file.file.read(LARGEST_BYTES + 1) if file is not None and file.filename else b""
    if not csv:
        form.wrong_field("file", visit.say("imports.choose_file"))
    elif len(csv) > LARGEST_BYTES:
        return refuse_size(visit)
    key = form.text("import_id")
    if not form.wrong and visit.do(
        FIELDS, lambda: visit.services.programme.import_factories(key, csv, form.request_id)
    ):
        return visit.go(f"/imports/{key}")
    return ask(visit)


def refuse_size(visit: Visit) -> Response:
    """Say at the file that it is too large."""
    visit.form.wrong_field("file", visit.reason("FILE_TOO_LARGE", visit.say("imports.too_large")))
    return ask(visit)


def show(visit: Visit) -> Response:
    """One import: progress while it runs, then the rows, the rejected ones first to be seen."""
    key = visit.path("import")
    found = visit.services.programme.factory_import(key)
    outcome = visit.query.get("outcome", "rejected")
    rows = _found(visit, visit.query.get("page", ""), 100)
    running = found.state == FactoryImportState.FACTORY_IMPORT_STATE_RUNNING
    if visit.partial and not running:
        return Response(headers={"hx-refresh": "true"})
    template = "imports/_progress.html" if visit.partial else "imports/page.html"
    return visit.show(
        template,
        found=found,
        id=key,
        done=_done(found),
        running=running,
        rows=rows,
        outcome=outcome,
        outcomes=[code for code in codes(RowOutcome) if code != "pending"],
    )


def _found(visit: Visit, page: str, size: int) -> ListFactoryImportRowsResponse:
    outcome = number(RowOutcome, visit.query.get("outcome", "rejected"))
    return visit.services.programme.import_rows(visit.path("import"), outcome=outcome, page=page, size=size)


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[FactoryImportRow], str]:
    found = _found(visit, page, size)
    return found.rows, found.next_page_token


def _problems(visit: Visit, row: FactoryImportRow) -> str:
    return "; ".join(f"{one.field}: {visit.reason(one.reason, one.description)}" for one in row.problems)


LISTING: Listing[FactoryImportRow] = Listing(
    "import-rows",
    _rows,
    (
        Column("imports.row", lambda _, row: row.row_number),
        Column("imports.factory", lambda _, row: row.factory.removeprefix("factories/")),
        Column("factories.status", lambda visit, row: visit.coded("imports.outcome", code_of(row, "outcome"))),
        Column("imports.problems", _problems),
    ),
)


def sample(_: Visit) -> Response:
    """A short list to begin with."""
    return Response(
        SAMPLE.read_bytes(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="factories-sample.csv"'},
    )


def _done(found: FactoryImport) -> int:
    return found.created + found.updated + found.unchanged + found.rejected


PAGE = Page(
    "imports",
    (
        get("/imports/new", ask),
        get("/imports/sample.csv", sample, twin=False),
        post("/imports", hand_in, too_large=refuse_size),
        get("/imports/{import}", show),
        get_csv("/imports/{import}/rows.csv", LISTING),
    ),
    roles=OFFICE,
    menu=Menu("file-import", "/imports/new", 90, group="operations"),
)
