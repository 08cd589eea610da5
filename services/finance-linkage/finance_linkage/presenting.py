"""Products, decisions, receipts, profiles and records as the contract shows them."""

from datetime import date, datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from amplify.finance_linkage.v1 import eligibility_pb2, environmental_record_pb2, finance_profile_pb2, product_pb2
from chassis.database import Row
from chassis.identity import Identity
from finance_linkage.access import is_told_of_holds
from finance_linkage.contracts.shared import contract_date, contract_money, contract_quantity, contract_score
from finance_linkage.domain.eligibility import Decision, Eligibility
from finance_linkage.domain.environmental_record import EnvironmentalRecord, Revision
from finance_linkage.domain.figures import Figures
from finance_linkage.domain.finance_profile import FinanceProfile
from finance_linkage.domain.product import Product, Rules
from finance_linkage.domain.receipt import digest_of, extract, serialise
from finance_linkage.domain.rules import Outcome, Result
from finance_linkage.enums import to_contract
from finance_linkage.receipts import content
from finance_linkage.storage import eligibilities, products

UNCONFIRMED = "unconfirmed"


def moment(at: datetime | None) -> Timestamp | None:
    """A moment as the contract writes it; None stays unset."""
    if at is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp


def day_of(text: str) -> Date | None:
    """A day that is kept as text; empty stays unset."""
    return contract_date(date.fromisoformat(text)) if text else None


def present_product(row: Row) -> product_pb2.Product:
    """A product as it is stored."""
    product: Product = products.revive(row)
    definition = product.definition
    rules = sorted(definition.rules, key=lambda one: one.effective_from, reverse=True)
    return product_pb2.Product(
        name=f"products/{product.id}",
        kind=to_contract(definition.kind),
        titles=definition.titles,
        countries=definition.countries,
        financiers=[f"organisations/{one}" for one in definition.financiers],
        buyer_programme=definition.buyer_programme,
        least_amount=contract_money(definition.least),
        most_amount=contract_money(definition.most),
        effective_from=contract_date(definition.effective_from),
        effective_until=contract_date(definition.effective_until),
        tiers=[product_pb2.Tier(code=t.code, least_score=t.least_score, titles=t.titles) for t in definition.tiers],
        rules=map(_rules, rules),
        source=definition.source or UNCONFIRMED,
        publish_time=moment(product.revised_at),
        etag=products.etag(row),
    )


def present_eligibility(row: Row) -> eligibility_pb2.Eligibility:
    """The decisions on a factory as they are stored."""
    eligibility: Eligibility = eligibilities.revive(row)
    return eligibility_pb2.Eligibility(
        name=f"factories/{eligibility.id}/eligibility",
        country=eligibility.country,
        decisions=map(_decision, eligibility.decisions),
        etag=eligibilities.etag(row),
    )


def present_receipt(row: Row, caller: Identity) -> eligibility_pb2.Receipt:
    """A receipt as it is kept, or as much of it as the caller is told."""
    said, canonical = content(row["canonical"]), row["canonical"]
    if not is_told_of_holds(caller, row["country"]):
        said = extract(said)
        canonical = serialise(said)
    message = eligibility_pb2.Receipt(
        name=f"receipts/{row['_id']}",
        factory=f"factories/{said['factory']}",
        country=said["country"],
        product=f"products/{said['product']}",
        rule_version=said["rules"],
        outcome=to_contract(Outcome(said["outcome"])),
        tier=said["tier"],
        inputs=map(_input, said["inputs"]),
        canonical=canonical,
        canonical_digest=digest_of(canonical),
        write_time=moment(row["written_at"]),
        etag=f'"{row["_id"]}"',
    )
    for one in said["conditions"]:
        message.conditions.add(
            code=one["code"], input=one["input"], needed=one["needed"], state=to_contract(Result(one["result"]))
        )
    for one in said["changes"]:
        message.changes.add(condition=one["condition"], input=one["input"], needed=one["needed"])
    return message


def present_profile(profile: FinanceProfile, etag: str) -> finance_profile_pb2.FinanceProfile:
    """What is recorded of a factory."""
    message = finance_profile_pb2.FinanceProfile(
        name=f"factories/{profile.id}/financeProfile", country=profile.country, etag=etag
    )
    for one in profile.buyer_scores:
        message.buyer_scores.add(
            buyer_programme=one.buyer_programme,
            score=one.score,
            scored_on=contract_date(one.scored_on),
            evidence=one.evidence,
            record_time=moment(one.at),
        )
    if profile.ownership is not None:
        message.ownership.CopyFrom(
            finance_profile_pb2.Ownership(
                women_owned_percent=profile.ownership.women_owned_percent,
                women_board_percent=profile.ownership.women_board_percent,
                as_of_day=contract_date(profile.ownership.as_of_day),
                evidence=profile.ownership.evidence,
                record_time=moment(profile.ownership.at),
            )
        )
    return message


def present_record(record: EnvironmentalRecord, etag: str) -> environmental_record_pb2.EnvironmentalRecord:
    """An environmental record with what it said before."""
    return environmental_record_pb2.EnvironmentalRecord(
        name=f"factories/{record.factory_id}/environmentalRecords/{record.year}",
        country=record.country,
        year=record.year,
        earlier_revisions=[environmental_record_pb2.EarlierRevision(**_revision(one)) for one in record.earlier],
        etag=etag,
        **_revision(record.current),
    )


def _rules(rules: Rules) -> product_pb2.RuleVersion:
    message = product_pb2.RuleVersion(
        version=rules.version, effective_from=contract_date(rules.effective_from), source=rules.source or UNCONFIRMED
    )
    for one in rules.conditions:
        message.conditions.add(
            code=one.code, input=one.input, needed=one.needed, alternative_to=one.group, texts=one.texts
        )
    return message


def _decision(decision: Decision) -> eligibility_pb2.EligibilityDecision:
    return eligibility_pb2.EligibilityDecision(
        product=f"products/{decision.product_id}",
        outcome=to_contract(decision.outcome),
        tier=decision.tier,
        missing=decision.missing,
        receipt=f"receipts/{decision.receipt}",
        decide_time=moment(decision.at),
    )


def _input(said: dict[str, Any]) -> eligibility_pb2.ReceiptInput:
    message = eligibility_pb2.ReceiptInput(code=said["code"], value=said["value"] or "")
    for source in said["sources"]:
        one = message.sources.add(event_id=source["event"])
        one.event_time.FromJsonString(source["time"])
    for name in ("missing_since", "stale_since"):
        if name in said:
            getattr(message, name).FromJsonString(said[name])
    return message


def _revision(one: Revision) -> dict[str, Any]:
    return {
        "revision": one.number,
        "figures": _figures(one.figures),
        "verification": to_contract(one.verification),
        "submit_time": moment(one.at),
        "submitted_by": one.by,
    }


def _figures(figures: Figures) -> environmental_record_pb2.EnvironmentalFigures:
    return environmental_record_pb2.EnvironmentalFigures(
        energy=contract_quantity(figures.energy),
        water=contract_quantity(figures.water),
        chemicals=contract_quantity(figures.chemicals),
        higg_scores=map(contract_score, figures.higg_scores),
    )
