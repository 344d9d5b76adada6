"""Killed at any moment, a restart finishes the job: nothing lost, nothing doubled, nothing half-written."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from musnad.store.checking import problems
from musnad.store.store import open_store

PAGES = 90
KILLS = int(os.environ.get("MUSNAD_KILLS", "4"))
"""How many times the writer is killed; the benchmark asks for 50."""

_WRITER = """
import sys
from musnad.batch.adding import add_pages
from musnad.resolve.refresh import refresh
from musnad.store.store import open_store
with open_store(sys.argv[1]) as store:
    print("ready", flush=True)
    for counts in add_pages(store, [sys.argv[2]], model=False):
        print(counts.pages, flush=True)
    refresh(store)
print("done", flush=True)
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    towns = ["بغداد", "البصرة", "الموصل", "أربيل", "كركوك", "النجف"]
    for n in range(PAGES):
        text = f"قال محافظ {towns[n % 6]} إن {n + 3} عائلات عادت إلى منازلها في الحي رقم {n} بعد إزالة الألغام.\nوأضاف أن العمل مستمر."
        (folder / f"{n:03}.txt").write_text(text, encoding="utf-8")
    return folder


def test_killed_and_started_again(where: str, archive: Path) -> None:
    rng = random.Random(20)
    open_store(where).close()
    started = time.monotonic()
    _run(where, archive, None)
    whole = time.monotonic() - started
    with open_store(where) as store:
        expected = store.counts()
        for name in [str(p) for p in sorted(archive.glob("*.txt"))]:
            store.forget(name)
        assert store.counts()["report"] == 0
    for _ in range(KILLS):
        _run(where, archive, rng.uniform(0.1, 1.0) * whole)
        with open_store(where) as store:
            assert list(problems(store)) == []
            if store.counts()["page"] == PAGES:
                store.forget(str(archive / "000.txt"))
    _run(where, archive, None)
    with open_store(where) as store:
        assert store.counts() == expected
        assert list(problems(store)) == []


def _run(where: str, archive: Path, kill_after: float | None) -> None:
    process = subprocess.Popen([sys.executable, "-c", _WRITER, where, str(archive)], stdout=subprocess.PIPE)
    if kill_after is None:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0 and out.endswith(b"done\n")
        return
    time.sleep(kill_after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close() if process.stdout else None
