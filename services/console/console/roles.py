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
