"""The neural reader: one small encoder with several heads, on the CPU, offline. `load()` gives the tagger, `info()` its card; nothing heavy is imported before."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from musnad.tagger.model import Tagger

DATA = Path(__file__).parent / "data"


def available() -> bool:
    """True when the weights are there."""
    return (DATA / "reader.onnx").is_file()


@lru_cache(maxsize=1)
def load() -> Tagger:
    """The tagger of this process: one session, made once."""
    from musnad.tagger.model import Tagger

    return Tagger.read(DATA)


def info() -> str:
    """The model's card as shipped: what it is, data and licences, scores, limits."""
    if not available():
        return "no model is installed: musnad reads with its rules alone"
    card = (DATA / "card.md").read_text(encoding="utf-8")
    settings = json.loads((DATA / "settings.json").read_text(encoding="utf-8"))
    size = sum(p.stat().st_size for p in DATA.iterdir() if p.is_file()) / 1e6
    return f"{settings['model']}, {size:.1f} MB\n\n{card}"


def processor() -> dict[str, bool]:
    """Whether this CPU has the instructions that make int8 fast (VNNI, AMX), as far as the system tells; empty where it doesn't."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    flags = next((line.split(":", 1)[1].split() for line in text.splitlines() if line.startswith(("flags", "Features"))), [])
    return {
        "vnni": any(f in flags for f in ("avx512_vnni", "avx_vnni", "asimddp", "i8mm")),
        "amx": "amx_int8" in flags,
    }


def health() -> str:
    """One line for `musnad doctor`."""
    if not available():
        return "model: not installed; the rules work alone"
    has = processor()
    if not has:
        return "model: installed; this system doesn't say what its CPU can do"
    if not has["vnni"]:
        return "model: installed; no VNNI here: the same results through plain 8-bit products, about half as fast"
    return f"model: installed; VNNI{' and AMX' if has['amx'] else ''}"
