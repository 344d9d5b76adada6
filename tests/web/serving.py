"""A desk that really listens, in a thread of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from musnad.web.app import create_app
from musnad.web.desk import Setting


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def serving(setting: Setting) -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a desk, and what ends it as a signal would."""
    app = create_app(setting)
    server = uvicorn.Server(uvicorn.Config(app, port=setting.port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(1500):
        if server.started:
            break
        threading.Event().wait(0.02)
    assert server.started

    def end() -> None:
        if feed := getattr(app.state, "feed", None):
            feed.close()
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()

    try:
        yield f"http://127.0.0.1:{setting.port}", end
    finally:
        if feed := getattr(app.state, "feed", None):
            feed.close()
        server.should_exit = True
        thread.join(20)
