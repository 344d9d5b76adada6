"""The commands of the desk: `serve`, and `account` for desks with accounts."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from musnad.cli.record import DEFAULT, RecordOption, opened

accounts = typer.Typer(no_args_is_help=True, help="Accounts of a desk that several people share (`musnad serve --team`).")


def serve(
    record: RecordOption = DEFAULT,
    port: Annotated[int, typer.Option("--port", "-p", min=1, max=65535, help="Port to listen on.")] = 8765,
    team: Annotated[bool, typer.Option("--team", help="With accounts: everybody signs in (make one with `musnad account add`).")] = False,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; another than this machine's own only with --team.")
    ] = "127.0.0.1",
    host_name: Annotated[
        list[str] | None, typer.Option("--host-name", metavar="NAME[:PORT]", help="A name that the desk answers to, as browsers see it.")
    ] = None,
    https: Annotated[bool, typer.Option("--https", help="It stands behind a proxy that speaks HTTPS: cookies only travel so.")] = False,
    workers: Annotated[int, typer.Option("--workers", "-w", min=1, max=64, help="Processes that answer.")] = 1,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")] = True,
) -> None:
    """Open the record in a browser: read, explore, review.

    On your own machine there are no accounts: the printed link lets you in, and only this machine can reach it.

    Examples:

    - `musnad serve --record 2018.db`
    - `musnad serve --record postgresql://localhost/desk --team --host 0.0.0.0 --host-name desk.example.org --https`
    """
    from musnad.record.errors import MissingExtra, MusnadError

    try:
        import uvicorn

        from musnad.web.app import create_app, to_environment
        from musnad.web.desk import Setting
    except ImportError as error:
        raise MissingExtra("the desk", "web") from error
    if not team and host not in ("127.0.0.1", "localhost", "::1"):
        raise MusnadError("without accounts the desk listens on this machine only: add --team, or leave --host out")
    with opened(record) as store:
        if team:
            from musnad.store.accounts import accounts as known

            if not any(a["role"] == "admin" and not a["closed"] for a in known(store)):
                raise MusnadError(f"no admin yet: musnad account add NAME --role admin --record {record}")
    token = "" if team else secrets.token_urlsafe(24)
    setting = Setting(
        record=str(Path(record).absolute()) if "://" not in record else record,
        team=team,
        token=token,
        user=_who(),
        secret=secrets.token_hex(32),
        hosts=tuple(host_name or ()),
        port=port,
        https=https,
    )
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else f'[{host}]' if ':' in host else host}:{port}/"
    typer.echo(f"{record} is open at\n\n  {address}{'' if team else f'?token={token}'}\n\nCtrl-C closes the desk.", err=True)
    if open_browser and not team and sys.stdout.isatty():
        typer.launch(f"{address}?token={token}")
    common = {
        "host": host,
        "port": port,
        "log_level": "warning",
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": 3,
    }
    if workers == 1:
        uvicorn.run(create_app(setting), **common)  # type: ignore[arg-type]
    else:
        to_environment(setting)
        uvicorn.run("musnad.web.app:from_environment", factory=True, workers=workers, **common)  # type: ignore[arg-type]


def _who() -> str:
    """The name that judgements bear on one's own machine."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "analyst"


@accounts.command("add")
def add_account(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    role: Annotated[str, typer.Option("--role", help="reader, coder, editor or admin.")] = "reader",
    record: RecordOption = DEFAULT,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password's line from standard input.")] = False,
) -> None:
    """Open an account; the password is asked for.

    Example: `musnad account add layla --role admin --record desk.db`
    """
    from musnad.store.accounts import open_account

    password = sys.stdin.readline().rstrip("\n") if password_stdin else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with opened(record) as store:
        user = open_account(store, name, password, role)
    typer.echo(f"{user.name} is {user.role} of {record}", err=True)


@accounts.command("list")
def list_accounts(record: RecordOption = DEFAULT) -> None:
    """List the accounts.

    Example: `musnad account list --record desk.db`
    """
    from musnad.store.accounts import accounts as known

    with opened(record) as store:
        for row in known(store):
            typer.echo(f"{row['name']}\t{row['role']}\t{'closed' if row['closed'] else 'open'}\t{row['made']}")
