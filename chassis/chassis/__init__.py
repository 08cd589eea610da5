"""The mechanism that every service shares, written once; no business word lives here."""
