"""What a benchmark found, as tables: the numbers, their ratios, and whether each goal was met."""

import os
import platform
import socket
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

SYNCS = 50


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing: every repeat's value; `ratio` is Tagwise's value through this one's."""

    name: str
    values: tuple[float, ...]
    unit: str
    ratio: float | None = None

    @property
    def middle(self) -> float:
        return median(self.values)


@dataclass(frozen=True, slots=True)
class Goal:
    """What was aimed at, in words, what it came to, and whether that is enough."""

    aim: str
    came_to: str
    met: bool

    @classmethod
    def at_least(cls, aim: str, value: float, least: float, unit: str = "") -> "Goal":
        return cls(aim, f"{value:,.2f}{unit}", value >= least)

    @classmethod
    def at_most(cls, aim: str, value: float, most: float, unit: str = "") -> "Goal":
        return cls(aim, f"{value:,.2f}{unit}", value <= most)


@dataclass(frozen=True, slots=True)
class Result:
    """All that one benchmark found."""

    title: str
    figures: Sequence[Figure]
    goals: Sequence[Goal]


def compared(ours: Figure, others: Sequence[Figure]) -> list[Figure]:
    """Ours first, then each other with ours as a multiple of it."""
    ratios = [ours.middle / other.middle for other in others]
    return [
        ours,
        *(Figure(o.name, o.values, o.unit, ratio) for o, ratio in zip(others, ratios, strict=True)),
    ]


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent stay below; of one value, that value."""
    return (
        quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]
    )


def show(console: Console, result: Result) -> None:
    table = Table(title=result.title, title_justify="left", title_style="bold")
    table.add_column("measured")
    for name in ("median", "least to most", "unit", "Tagwise is … x this"):
        table.add_column(name, justify="right")
    for figure in result.figures:
        spread = f"{_number(min(figure.values))} to {_number(max(figure.values))}"
        table.add_row(
            figure.name,
            _number(figure.middle),
            spread if len(figure.values) > 1 else "",
            figure.unit,
            f"{figure.ratio:.2f}" if figure.ratio is not None else "",
        )
    console.print(table)
    for goal in result.goals:
        verdict = "[green]met[/green]" if goal.met else "[red]missed[/red]"
        console.print(f"  {verdict}: {goal.aim}: [bold]{goal.came_to}[/bold]")
    console.print()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def show_machine(console: Console, folder: Path) -> None:
    """Where this was measured; without it no number means anything."""
    table = Table(title="Machine", title_justify="left", title_style="bold", show_header=False)
    cores = os.cpu_count() or 1
    table.add_row("name", socket.gethostname())
    table.add_row("processor", f"{_processor()}, {cores} cores")
    table.add_row("system", f"{platform.system()} {platform.release()}")
    table.add_row("Python, SQLite", f"{platform.python_version()}, {sqlite3.sqlite_version}")
    table.add_row("load before", f"{os.getloadavg()[0]:.2f}")
    table.add_row("one fsync", f"{_sync_s(folder) * 1e3:.2f} ms (median of {SYNCS})")
    console.print(table)
    console.print()


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _sync_s(folder: Path) -> float:
    """Seconds until 4 KB more are on this disk: what each durable record costs at least."""
    taken = []
    with (folder / "sync").open("wb") as file:
        for _ in range(SYNCS):
            file.write(bytes(4096))
            file.flush()
            begun = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return median(taken)
