"""Time and CPU of a stretch of work, and the table that they are shown in."""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Stretch:
    """`seconds` by the wall, and CPU seconds of this process and of the watched others, which `labels` names."""

    count: int = 0
    seconds: float = 0.0
    own_cpu: float = 0.0
    other_cpu: dict[int, float] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Pieces of work a second."""
        return self.count / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds for each piece, summed over every process."""
        return (self.own_cpu + sum(self.other_cpu.values())) * 1000 / self.count

    @property
    def own_cpu_ms(self) -> float:
        """CPU milliseconds for each piece in the measuring process alone."""
        return self.own_cpu * 1000 / self.count


@contextmanager
def measured(count: int, *others: int) -> Iterator[Stretch]:
    """Measure the block as `count` pieces of work; `others` are the ids of processes that work for it."""
    stretch = Stretch(count)
    before = {pid: cpu_seconds(pid) for pid in others}
    wall, own = time.perf_counter(), time.process_time()
    yield stretch
    stretch.seconds, stretch.own_cpu = time.perf_counter() - wall, time.process_time() - own
    stretch.other_cpu = {pid: cpu_seconds(pid) - spent for pid, spent in before.items()}


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far, all threads (fields 14 and 15 of /proc/<pid>/stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which the share of values lies."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


@dataclass(frozen=True)
class Comparison:
    """One row: our figure and the bare one."""

    what: str
    ours: float
    bare: float
    unit: str
    aim: str = ""

    @property
    def ratio(self) -> float:
        """Ours to bare."""
        return self.ours / self.bare if self.bare else float("inf")


def compare(what: str, ours: Iterable[float], bare: Iterable[float], unit: str, aim: str = "") -> Comparison:
    """A comparison of each side's best round: whatever else the machine does can only slow a round down."""
    best = max if unit.endswith("/s") else min
    return Comparison(what, best(ours), best(bare), unit, aim)


HEADER = "| what | ours | bare | unit | ours ÷ bare | aim |\n| --- | ---: | ---: | --- | ---: | --- |"


def line(row: Comparison) -> str:
    """The comparison as a line of the Markdown table below HEADER."""
    bare, ratio = (f"{row.bare:,.3g}", f"{row.ratio:.2f}") if row.bare else ("–", "–")
    return f"| {row.what} | {row.ours:,.3g} | {bare} | {row.unit} | {ratio} | {row.aim or '–'} |"
