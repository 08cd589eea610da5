"""The list of referrals, and proposing a new one."""
