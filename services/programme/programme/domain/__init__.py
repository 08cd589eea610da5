"""The business of programme: countries, factories, partners and consents, in plain Python."""
