"""Reading on a cluster gives what reading here gives. Needs Ray: pip install 'musnad[ray]'."""

from __future__ import annotations

from pathlib import Path

import pytest

from musnad.batch.local import Done
from musnad.batch.local import read_all as read_here
from musnad.batch.ray import read_all
from musnad.ingest import pages
from musnad.record.errors import MissingExtra


def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtra, match=r"musnad\[ray\]"):
        list(read_all([]))


def test_a_cluster_reads_what_one_machine_reads(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    for n in range(20):
        (tmp_path / f"{n:02}.txt").write_text(
            f"زار وزير الخارجية العراقي عمّان يوم {n + 1} آذار/مارس 2019 والتقى نظيره الأردني.", encoding="utf-8"
        )
    (tmp_path / "99.txt").write_bytes(b"")
    here = list(read_here(pages([str(tmp_path)]), model=False))
    there = list(read_all(pages([str(tmp_path)]), model=False))
    assert [type(x) for x in there] == [type(x) for x in here]
    assert [x.lines for x in there if isinstance(x, Done)] == [x.lines for x in here if isinstance(x, Done)]
