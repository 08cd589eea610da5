"""Take over the definition of a product; asked for by `migrate`, not by a caller."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis import clock
from chassis.access import EVERYTHING
from chassis.errors import NotFound
from finance_linkage.domain.product import Definition, Product
from finance_linkage.storage import products


@dataclass(frozen=True)
class ReviseProduct:
    """One product's definition as the file has it now."""

    code: str
    definition: Definition


def commands(definitions: Mapping[str, Definition]) -> list[ReviseProduct]:
    """One command a product, so that each is a unit of work of its own."""
    return [ReviseProduct(code, definition) for code, definition in definitions.items()]


def revise_product(command: ReviseProduct) -> None:
    """Publishes a definition that is new or changed; an equal one changes nothing."""
    now = clock.now()
    try:
        product = products.get(EVERYTHING, command.code)
    except NotFound:
        products.add(Product.define(command.code, command.definition, now))
        return
    product.revise(command.definition, now)
    products.save(product)
