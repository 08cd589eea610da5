"""The business of finance linkage in plain Python: products, rules, decisions, records and referrals."""
