"""Numbers of certificates notice what people mistype."""

import random

from training.domain import certificate_number as numbers


def fresh(seed: int) -> str:
    """A number drawn with this seed."""
    return numbers.make(random.Random(seed).choice)  # noqa: S311 - a test


def test_a_number_that_others_check_so_too() -> None:
    """ISO/IEC 7064 MOD 37-2, as numbers of blood donations (ISBT 128) use it: `G123 4 89 654321` has Y."""
    assert numbers.check_character("G123489654321") == "Y"


def test_every_wrong_character_is_noticed() -> None:
    for seed in range(20):
        plain = fresh(seed).replace("-", "")
        for place in range(len(plain)):
            for other in set(numbers.ALPHABET) - {plain[place]}:
                assert numbers.read(plain[:place] + other + plain[place + 1 :]) is None


def test_two_neighbours_exchanged_are_noticed() -> None:
    swaps = 0
    for seed in range(40):
        plain = fresh(seed).replace("-", "")
        for place in range(len(plain) - 1):
            first, second = plain[place], plain[place + 1]
            if first != second:
                swaps += 1
                assert numbers.read(plain[:place] + second + first + plain[place + 2 :]) is None
    assert swaps > 300


def test_it_is_read_as_people_write_it() -> None:
    number = "7K3M-9QXT-2HFW-D"
    for written in (number, number.lower(), number.replace("-", ""), " 7k3m 9qxt 2hfw d "):
        assert numbers.read(written) == number
    for wrong in ("", "7K3M", number + "0", "7K3M-9QXT-2HFW-!", "7K3M-9QXU-2HFW-D"):
        assert numbers.read(wrong) is None
    assert numbers.read("iooo-oOOO-0000-C") == "1000-0000-0000-C"


def test_they_are_not_to_be_guessed() -> None:
    made = {fresh(seed) for seed in range(2000)}
    assert len(made) == 2000
    assert set("".join(made)) >= set(numbers.ALPHABET)
