"""The questionnaire bank: clusters, points and national questions as dated data, and the loader that checks them."""

from assessment.bank.loader import BankError, load_bank
from assessment.bank.reading import Problem

__all__ = ["BankError", "Problem", "load_bank"]
