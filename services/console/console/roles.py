"""Who is who: sets of the roles that tokens name."""

EVERYBODY: frozenset[str] = frozenset()
COUNTRY_STAFF = frozenset(
    {
        "enterprise-advisor",
        "team-leader",
        "country-manager",
        "programme-officer",
        "training-officer",
        "finance-officer",
    }
)
OFFICE = frozenset({"programme-officer", "country-manager"})
ASSESSMENT_STAFF = COUNTRY_STAFF - {"finance-officer"}
PARTNERS = frozenset({"buyer", "financier", "ministry"})
FACTORY = frozenset({"factory-manager"})
VISITORS = frozenset({"team-leader", "enterprise-advisor"})
AT_WORK = VISITORS | FACTORY
"""Who changes an improvement plan or a committee: the factory and those who advise it."""
REMEDIATION_READERS = ASSESSMENT_STAFF | FACTORY
