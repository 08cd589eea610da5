"""Demonstration data: invented partners, people and factories, put in through the services' own RPCs."""
