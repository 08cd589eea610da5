"""The facts of remediation as the contract's messages, one module an aggregate, and the streams that they go to."""

from assessment.remediation.contracts import committees, lines, progress, visits

TABLE = {**lines.TABLE, **progress.TABLE, **visits.TABLE, **committees.TABLE}
"""Fact -> its route, for the service's ROUTES."""
