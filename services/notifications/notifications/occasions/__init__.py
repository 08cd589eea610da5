"""What facts of other services mean here: of each kind of fact that somebody may be told of, its occasion.

A function of `fact` and `message` for each, in one module for each service that says them. Nothing of a finding, of a
cause of a hold, of a participant or of free text goes into an occasion.
"""

from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.message import Message as Proto

from chassis.consumer import Message
from notifications.domain.occasion import Occasion
from notifications.occasions import assessment, finance, improvement, programme, training

Read = Callable[[Any, Message], Occasion]

OCCASIONS: Mapping[type[Proto], Read] = {
    **programme.OCCASIONS,
    **assessment.OCCASIONS,
    **improvement.OCCASIONS,
    **training.OCCASIONS,
    **finance.OCCASIONS,
}

TRAITS = finance.TRAITS
"""What a rule may ask for by `only`."""
