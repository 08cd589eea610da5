"""One parked fact, to inspect, redrive or skip."""
