"""A small OpenID provider for development: anybody signs in as anybody by one click. Never for real data."""
