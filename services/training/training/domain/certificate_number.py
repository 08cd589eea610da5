"""Numbers of certificates: not to be guessed, and checked by their last character.

A number has twelve characters that are drawn at random (60 bits) and one that follows from them by ISO/IEC 7064 MOD
37,36, which notices every wrong character and every two neighbours exchanged. Its alphabet leaves out I, L, O and U;
whoever types I, L or O means 1, 1 and 0.
"""

from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECKED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MODULUS = 36
_RANDOM = 12
_MEANT = str.maketrans("ILO", "110")


def make(choose: Callable[[str], str]) -> str:
    """A fresh number; `choose` draws a character of the alphabet."""
    body = "".join(choose(ALPHABET) for _ in range(_RANDOM))
    return grouped(body + check_character(body))


def check_character(body: str) -> str:
    """The character that checks the others (ISO/IEC 7064, hybrid system MOD 37,36)."""
    carry = _MODULUS
    for character in body:
        carry = (carry + _CHECKED.index(character)) % _MODULUS or _MODULUS
        carry = carry * 2 % (_MODULUS + 1)
    return _CHECKED[(_MODULUS + 1 - carry) % _MODULUS]


def read(text: str) -> str | None:
    """The number that somebody typed, with or without hyphens; None where it is none."""
    plain = text.upper().replace("-", "").replace(" ", "")
    if len(plain) != _RANDOM + 1 or any(character not in _CHECKED for character in plain):
        return None
    body, check = plain[:_RANDOM].translate(_MEANT), plain[_RANDOM]
    if any(character not in ALPHABET for character in body) or check_character(body) != check:
        return None
    return grouped(body + check)


def grouped(plain: str) -> str:
    """As it is printed: `7K3M-9QXT-2HFW-D`."""
    return "-".join((plain[:4], plain[4:8], plain[8:12], plain[12:]))
