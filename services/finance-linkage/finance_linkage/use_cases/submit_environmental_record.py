"""A factory or an officer submits the environmental record of a year, or corrects it."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import filter
from chassis.errors import Aborted, NotFound
from chassis.identity import Identity
from finance_linkage.domain.environmental_record import EnvironmentalRecord, record_id
from finance_linkage.domain.errors import VerificationByOfficer
from finance_linkage.domain.figures import Figures, Verification
from finance_linkage.read_models import dossiers
from finance_linkage.storage import environmental_records


@dataclass(frozen=True)
class SubmitEnvironmentalRecord:
    """The figures are whole: what is left out was not measured."""

    factory_id: str
    year: int
    figures: Figures
    verification: Verification
    etag: str = ""


def submit_environmental_record(command: SubmitEnvironmentalRecord, caller: Identity) -> EnvironmentalRecord:
    """Raises UnknownFactory, Aborted, VerificationByOfficer, YearInvalid, UnitMismatch or FiguresInvalid."""
    dossier = dossiers.known(filter(caller, "dossier"), command.factory_id)
    if command.verification is Verification.VERIFIED and "finance-officer" not in caller.roles:
        raise VerificationByOfficer("a factory reports for itself; an officer says what is verified", "verification")
    now = clock.now()
    given = (command.figures, command.verification, caller.subject, now)
    try:
        record = environmental_records.get(
            filter(caller, "environmental-record"), record_id(command.factory_id, command.year), etag=command.etag
        )
    except NotFound:
        if command.etag:
            raise Aborted("There is no record of this year yet.") from None
        record = EnvironmentalRecord.submit(command.factory_id, dossier["country"], command.year, *given)
        environmental_records.add(record)
        return record
    record.correct(*given)
    environmental_records.save(record)
    return record
