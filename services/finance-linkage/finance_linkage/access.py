"""Who may do and see what here. Rules name roles and compare fields of the resource with the caller's attributes.

Officers work for countries, managers look on; a factory sees its own; a financier sees, on the partners' port alone,
what was sent to its organisation, and of that only what a live consent opens, which is asked besides. What a financier
decides, no role of the staff may say.
"""

from collections.abc import Mapping, Sequence

from chassis.access import Allow, Is
from chassis.identity import Identity
from finance_linkage.domain.states import UNDER_CONSENT

OF_COUNTRY = {"country": "countries"}
OFFICERS = (Allow("finance-officer", OF_COUNTRY),)
STAFF = (*OFFICERS, Allow("country-manager", OF_COUNTRY), Allow("programme-officer", OF_COUNTRY))
OWN = Allow("factory-manager", {"factory_id": "factory"})
SENT = Is(*(state.value for state in UNDER_CONSENT))

KINDS: Mapping[str, Sequence[Allow]] = {
    "product": (
        Allow("finance-officer"),
        Allow("country-manager"),
        Allow("programme-officer"),
        Allow("factory-manager"),
    ),
    "dossier": (*OFFICERS, Allow("factory-manager", {"_id": "factory"})),
    "eligibility": (*STAFF, Allow("factory-manager", {"_id": "factory"})),
    "receipt": (*STAFF, OWN),
    "environmental-record": (*STAFF, OWN),
    "finance-profile": (*STAFF, Allow("factory-manager", {"_id": "factory"})),
    "referral": (*STAFF, OWN),
    "incoming-referral": (Allow("financier", {"financier_id": "organisation", "state": SENT}),),
}

_OFFICER = (Allow("finance-officer"),)
_READERS = tuple(Allow(role) for role in ("finance-officer", "country-manager", "programme-officer", "factory-manager"))
_FINANCIER = (Allow("financier"),)

ACTIONS: Mapping[str, Sequence[Allow]] = {
    "GetProduct": _READERS,
    "ListProducts": _READERS,
    "GetEligibility": _READERS,
    "ListEligibilities": _READERS,
    "CountEligibilities": _READERS,
    "GetReceipt": _READERS,
    "ListReceipts": _READERS,
    "ListFinanceableLines": (*_OFFICER, Allow("factory-manager")),
    "GetFinanceProfile": _READERS,
    "RecordBuyerScore": _OFFICER,
    "RecordOwnership": _OFFICER,
    "SubmitEnvironmentalRecord": (*_OFFICER, Allow("factory-manager")),
    "GetEnvironmentalRecord": _READERS,
    "ListEnvironmentalRecords": _READERS,
    "ProposeReferral": _OFFICER,
    "FreezeEvidencePack": _OFFICER,
    "SendReferral": _OFFICER,
    "ProvideInformation": _OFFICER,
    "RecordOutcome": _OFFICER,
    "CloseReferral": _OFFICER,
    "StopReferral": (*_OFFICER, Allow("factory-manager")),
    "GetReferral": _READERS,
    "ListReferrals": _READERS,
    "GetEvidencePack": _READERS,
    "CountWork": _READERS,
    "CountPipeline": _READERS,
    "ListIncomingReferrals": _FINANCIER,
    "GetIncomingReferral": _FINANCIER,
    "GetIncomingEvidencePack": _FINANCIER,
    "AcknowledgeReferral": _FINANCIER,
    "RequestInformation": _FINANCIER,
    "ApproveReferral": _FINANCIER,
    "DeclineReferral": _FINANCIER,
    "RecordSignature": _FINANCIER,
    "RecordDisbursement": _FINANCIER,
}


def is_told_of_holds(caller: Identity, country: str) -> bool:
    """Whether receipts of a country's factories say to the caller that the programme holds one."""
    return bool(caller.roles & {"finance-officer", "country-manager"}) and country in caller.values("countries")


def does(caller: Identity, command: str) -> bool:
    """Whether the caller's role does this: a command such as `stop_referral`, whose RPC bears its name."""
    method = "".join(word.title() for word in command.split("_"))
    return any(rule.role in caller.roles for rule in ACTIONS[method])
