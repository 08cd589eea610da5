"""Finance of one factory: eligibility, records and referrals."""
