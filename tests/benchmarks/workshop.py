"""What all benchmarks share: the stand-ins' processes, a folder on disk, prepared databases."""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.prepared import add_drafts, make_database, multiply
from tests.benchmarks.processes import ROOT, Child, Graph, running, running_graph

Say = Callable[[str], None]


@dataclass
class Workshop:
    """One run of the benchmarks; `say` tells whoever waits what is going on."""

    folder: Path
    graph: Graph
    slack: Child
    say: Say
    _masters: dict[tuple[int, int], Path] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_path(self) -> Path:
        """Where a new database may be, in a folder of its own."""
        folder = self.folder / f"{next(self._numbers)}"
        folder.mkdir()
        return folder / "tagwise.db"

    def outbox(self, drafts: int, copies: int = 1) -> Path:
        """A database with so many approved drafts that are due, each so many times."""
        if (drafts, copies) not in self._masters:
            self._masters[drafts, copies] = self._prepare(drafts, copies)
        path = self.new_path()
        shutil.copy(self._masters[drafts, copies], path)
        return path

    def _prepare(self, drafts: int, copies: int) -> Path:
        self.say(f"preparing {drafts * copies:,} approved drafts")
        path = self.new_path()
        store = make_database(path)
        add_drafts(store, drafts)
        store.close()
        if copies > 1:
            multiply(path, copies)
        return path


@contextmanager
def open_workshop(say: Say, folder: Path | None = None) -> Iterator[Workshop]:
    """The stand-ins run, and the folder is there, until the block ends."""
    around = folder or ROOT / "build"  # on the repository's disk: /tmp may be memory
    around.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir=around) as place,
        running_graph() as graph,
        running("slack_server") as slack,
    ):
        yield Workshop(Path(place), graph, slack, say)
