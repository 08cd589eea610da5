"""The form for a factory's environmental record of a year; a correction is a new revision."""

from starlette.responses import Response

from amplify.finance_linkage.v1.environment_service_pb2 import SubmitEnvironmentalRecordRequest
from amplify.finance_linkage.v1.environmental_record_pb2 import (
    EnvironmentalFigures,
    EnvironmentalRecord,
    EnvironmentalVerification,
    HiggModule,
    HiggScore,
    MeasureUnit,
    Quantity,
)
from chassis import clock
from console.codes import code_of, codes, number
from console.page import Page, get, post
from console.roles import FACTORY
from console.subject import subject
from console.visit import Visit

WRITERS = frozenset({"finance-officer"}) | FACTORY
UNITS = {
    "energy": ("kilowatt_hour", "megawatt_hour"),
    "water": ("cubic_metre", "litre"),
    "chemicals": ("kilogram", "tonne"),
}


def ask(visit: Visit) -> Response:
    """The form with what is known of the year; last year's unless the address names one."""
    factory = subject(visit)
    year = visit.form.text("year") or visit.query.get("year", "") or str(clock.now().year - 1)
    records = visit.services.finance.environmental_records(factory.id)
    record = next((one for one in records if str(one.year) == year), None)
    return visit.show(
        "environment/page.html",
        factory=factory,
        year=year,
        record=record,
        known=_known(record),
        units=UNITS,
        modules=codes(HiggModule),
        verifications=codes(EnvironmentalVerification),
    )


def _known(record: EnvironmentalRecord | None) -> dict[str, str]:
    if record is None:
        return {}
    known = {f"higg_{code_of(one, 'module')}": str(one.score) for one in record.figures.higg_scores}
    for field, quantity in record.figures.ListFields():
        name = field.name
        if name in UNITS:
            known |= {name: str(quantity.amount), f"{name}_unit": code_of(quantity, "unit")}
    return known | {"verification": code_of(record, "verification")}


def submit(visit: Visit) -> Response:
    """Submit it, or show the form again with what is wrong."""
    form = visit.form
    figures, fields = EnvironmentalFigures(), {"name": "year", "verification": "verification", "figures": "energy"}
    for name in UNITS:
        amount = _whole(visit, name)
        fields |= dict.fromkeys((f"figures.{name}", f"figures.{name}.amount", f"figures.{name}.unit"), name)
        if amount is not None:
            unit = MeasureUnit.ValueType(number(MeasureUnit, form.text(f"{name}_unit")))
            getattr(figures, name).CopyFrom(Quantity(amount=amount, unit=unit))
    for module in codes(HiggModule):
        score = _whole(visit, f"higg_{module}")
        if score is not None:
            fields[f"figures.higg_scores[{len(figures.higg_scores)}].score"] = f"higg_{module}"
            kind = HiggModule.ValueType(number(HiggModule, module))
            figures.higg_scores.append(HiggScore(module=kind, score=score))
    if form.wrong:
        return ask(visit)
    key = visit.path("factory")
    stated = number(EnvironmentalVerification, form.text("verification", "self_reported"))
    request = SubmitEnvironmentalRecordRequest(
        name=f"factories/{key}/environmentalRecords/{form.text('year')}",
        figures=figures,
        verification=EnvironmentalVerification.ValueType(stated),
        etag=form.text("etag"),
        request_id=form.request_id,
    )
    if visit.do(fields, lambda: visit.services.finance.submit_environment(request)):
        return visit.go(f"/factories/{key}/eligibility", done="environment")
    return ask(visit)


def _whole(visit: Visit, name: str) -> int | None:
    text = visit.form.text(name)
    digits = text.removeprefix("-")
    if text and (not digits.isdecimal() or len(digits) > 15):
        visit.form.wrong_field(name, visit.say("kit.reason_NOT_A_NUMBER"))
        return None
    return int(text) if text else None


PAGE = Page(
    "environment",
    (get("/factories/{factory}/environment", ask, twin=False), post("/factories/{factory}/environment", submit)),
    roles=WRITERS,
)
