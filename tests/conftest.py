"""A real PostgreSQL server for the tests that need one, started once and stopped at the end."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


def _binaries() -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parent.parent.name))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The base URL of a fresh server on loopback; skipped with the reason where PostgreSQL isn't installed, unless MUSNAD_NEED_POSTGRES is set."""
    binaries = _binaries()
    if binaries is None:
        reason = "PostgreSQL's server isn't installed (apt-get install postgresql)"
        if os.environ.get("MUSNAD_NEED_POSTGRES"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Not below pytest's own folder: that one is closed to other users, and the server runs as one.
    root = Path(tempfile.mkdtemp(prefix="musnad-postgres-"))
    data, user = root / "data", "postgres" if os.getuid() == 0 else getpass.getuser()
    # PostgreSQL refuses to run as root: as root its own user is used, who must be able to reach the folder.
    as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(root, user)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    subprocess.run(
        [*as_user, binaries / "initdb", "-D", data, "-U", "musnad", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        capture_output=True,
        cwd=root,
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    subprocess.run(
        [*as_user, binaries / "pg_ctl", "-D", data, "-o", options, "-l", root / "log", "-w", "start"],
        check=True,
        capture_output=True,
        cwd=root,
    )
    try:
        yield f"postgresql://musnad@127.0.0.1:{port}"
    finally:
        subprocess.run([*as_user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=root)
        shutil.rmtree(root, ignore_errors=True)
