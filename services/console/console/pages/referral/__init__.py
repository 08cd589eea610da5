"""One referral, step by step."""
