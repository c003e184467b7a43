"""``sayso serve``."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from sayso.workspace.api_office import Office

# Seconds in which a charter that was just edited, or a role just given, may not be noticed yet.
STILL = 0.05


def serve(
    *,
    folder: str | None = None,
    host: str | None = None,
    port: int | None = None,
    access_key: str | None = None,
    access_key_file: str | None = None,
    database: str | None = None,
    database_file: str | None = None,
    log: str | None = None,
    stop_seconds: int | None = None,
) -> int:
    """Serve the pages of a workspace, and its record to programs under /v1.

    What is not said here is read from SAYSO_* variables, then from sayso.toml.

    Args:
        folder: The workspace; the folder you are in where nobody says it.
        host: Where to listen; any address but this computer's own needs an access key.
        port: The port; 0 for any that is free, 8080 where nobody says it.
        access_key: What the convener must show, at least 12 characters.
        access_key_file: A file that holds it.
        database: Address of a PostgreSQL database that holds the record.
        database_file: A file that holds it.
        log: What is written to standard error, as JSON lines: trouble, life or requests.
        stop_seconds: How long requests under way may take at the end.
    """
    import os
    from contextlib import closing

    from sayso.workspace.api_office import Office
    from sayso.workspace.configuration import REQUESTS, configured
    from sayso.workspace.hooks_delivery import delivering
    from sayso.workspace.logging_lines import life, start_log
    from sayso.workspace.logging_requests import Logged
    from sayso.workspace.record import SystemClock
    from sayso.workspace.segments_kept import segments_kept
    from sayso.workspace.serve import prepared
    from sayso.workspace.serve import serve as run

    flags = {
        "folder": folder,
        "host": host,
        "port": port,
        "access_key": access_key,
        "access_key_file": access_key_file,
        "database": database,
        "database_file": database_file,
        "log": log,
        "stop_seconds": stop_seconds,
    }
    how = configured(flags, os.environ)
    serving = prepared(str(how.folder), host=how.host, port=how.port, access_key=how.access_key)
    start_log(how.log)
    with (
        life(how.strange),
        serving.listener,
        closing(Office(serving.folder, database=how.database, still=STILL)) as office,
        segments_kept(lambda: office.record if office.has_record else None),
        delivering(
            serving.folder, lambda: office.record if office.has_record else None, SystemClock()
        ),
    ):
        office.open_if_there()
        app = application(office, access_key=how.access_key)
        shown = Logged(app) if how.log == REQUESTS else app
        # What is there now stays, so that looking for garbage need not go through it again.
        gc.collect()
        gc.freeze()
        run(shown, serving, tell=print, stop_seconds=how.stop_seconds)
    return 0


def application(office: Office, *, access_key: str | None = None) -> ASGIApp:
    """Everything that one server serves: the pages, and beside them the doors of programs and agents.

    Args:
        office: The workspace and its record.
        access_key: What the convener must show; None where only this computer is served.
    """
    from sayso.api.app import make_api, serves
    from sayso.console.app import make_app
    from sayso.console.fork import Beside, Fork, later

    def agents() -> ASGIApp:
        from sayso.mcp.http import mcp_app

        return mcp_app(office)

    api = make_api(office, for_this_computer=access_key is None)
    doors = (Beside(serves, api), Beside(lambda path: path == "/mcp", later(agents)))
    return Fork(make_app(office.folder, access_key=access_key), doors=doors)
