"""The financial products as reviewed data, and what reads them."""

from finance_linkage.catalogue.loader import CatalogueError, load

__all__ = ["CatalogueError", "load"]
