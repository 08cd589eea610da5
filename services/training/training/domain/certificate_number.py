"""Numbers of certificates: not to be guessed, and checked by their last character.

A number has twelve characters that are drawn at random (60 bits) and one that follows from them by ISO/IEC 7064
MOD 37-2, which notices every wrong character and every two neighbours exchanged. Its alphabet leaves out I, L, O and U;
whoever types I, L or O means 1, 1 and 0.
"""

from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECKED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_MODULUS = 37
_RANDOM = 12
_MEANT = str.maketrans("ILO", "110")


def make(choose: Callable[[str], str]) -> str:
    """A fresh number; `choose` draws a character of the alphabet. What needs a check outside of it is drawn again."""
    while True:
        body = "".join(choose(ALPHABET) for _ in range(_RANDOM))
        if check_character(body) in ALPHABET:
            return grouped(body + check_character(body))


def check_character(body: str) -> str:
    """The character that checks the others (ISO/IEC 7064, pure system MOD 37-2)."""
    total = 0
    for character in body:
        total = (total + _CHECKED.index(character)) * 2 % _MODULUS
    return _CHECKED[(1 - total) % _MODULUS]


def read(text: str) -> str | None:
    """The number that somebody typed, with or without hyphens; None where it is none."""
    plain = text.upper().replace("-", "").replace(" ", "").translate(_MEANT)
    if len(plain) != _RANDOM + 1 or any(character not in ALPHABET for character in plain):
        return None
    return grouped(plain) if check_character(plain[:_RANDOM]) == plain[_RANDOM] else None


def grouped(plain: str) -> str:
    """As it is printed: `7K3M-9QXT-2HFW-D`."""
    return "-".join((plain[:4], plain[4:8], plain[8:12], plain[12:]))
