"""Hands in a factory list, shows how far it is, and names what is wrong with each row that was not taken over."""

from importlib import resources
from uuid import uuid4

from starlette.responses import Response

from amplify.programme.v1.factory_import_pb2 import FactoryImport, FactoryImportState, RowOutcome
from console.codes import codes, number
from console.page import OFFICE, Menu, Page, get, post
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
        form.wrong_field("file", visit.reason("FILE_TOO_LARGE", visit.say("imports.too_large")))
    key = form.text("import_id")
    if not form.wrong and visit.do(
        FIELDS, lambda: visit.services.programme.import_factories(key, csv, form.request_id)
    ):
        return visit.go(f"/imports/{key}")
    return ask(visit)


def show(visit: Visit) -> Response:
    """One import: progress while it runs, then the rows, the rejected ones first to be seen."""
    key = visit.path("import")
    found = visit.services.programme.factory_import(key)
    outcome = visit.query.get("outcome", "rejected")
    rows = visit.services.programme.import_rows(
        key, outcome=number(RowOutcome, outcome), page=visit.query.get("page", "")
    )
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
        post("/imports", hand_in),
        get("/imports/{import}", show),
    ),
    roles=OFFICE,
    menu=Menu("file-import", "/imports/new", 60),
)
