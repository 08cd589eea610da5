"""Lets the tests of this folder import the tools of the contracts, which lie beside them in `proto`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "proto"))
