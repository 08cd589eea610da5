"""The edges of remediation: improvement plans, progress reports, advisory visits and committees."""
