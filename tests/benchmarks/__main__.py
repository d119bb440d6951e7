"""`make bench`, or `python -m tests.benchmarks [number]`: the bot beside something else.

Prints what was measured, where, and whether each goal was met; a missed goal is no error.
"""

import sys
from collections.abc import Callable
from typing import Final

from rich.console import Console

from tests.benchmarks import (
    bench_notify,
    bench_rate,
    bench_reminders,
    bench_sending,
    bench_webhooks,
)
from tests.benchmarks.report import Result, show, show_machine
from tests.benchmarks.workshop import Workshop, open_workshop

WIDTH: Final = 110  # where there is no terminal to ask
BENCHES: Final[dict[int, Callable[[Workshop], Result]]] = {
    1: lambda shop: bench_sending.measure(shop, delay_s=0.1, least=5),
    2: lambda shop: bench_sending.measure(shop, 0.0, 1, bench_sending.FAST_ANSWERS),
    3: bench_rate.measure,
    4: bench_webhooks.measure,
    5: bench_notify.measure,
    6: bench_reminders.measure,
}


def main(arguments: list[str]) -> int:
    console = Console()
    if not console.is_terminal:
        console.width = WIDTH
    chosen = [int(each) for each in arguments if each.isdigit()] or list(BENCHES)
    if unknown := [each for each in chosen if each not in BENCHES]:
        console.print(
            f"There is no benchmark {unknown[0]}; they are {', '.join(map(str, BENCHES))}."
        )
        return 2
    with console.status("starting") as status, open_workshop(status.update) as shop:
        show_machine(console, shop.folder)
        for number in chosen:
            show(console, BENCHES[number](shop))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
