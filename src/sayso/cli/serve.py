"""``sayso serve``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from sayso.workspace.api_office import Office


def serve(
    *,
    folder: str = ".",
    host: str = "127.0.0.1",
    port: int = 8080,
    access_key: Annotated[str | None, Parameter(env_var="SAYSO_ACCESS_KEY")] = None,
    database: Annotated[str | None, Parameter(env_var="SAYSO_DATABASE")] = None,
) -> int:
    """Serve the pages of a workspace, and its record to programs under /v1.

    Args:
        folder: The workspace.
        host: Where to listen; any address but this computer's own needs an access key.
        port: The port; 0 for any that is free.
        access_key: What the convener must show, at least 12 characters.
        database: Address of a PostgreSQL database that holds the record.
    """
    from contextlib import closing

    from sayso.workspace.api_office import Office
    from sayso.workspace.serve import prepared
    from sayso.workspace.serve import serve as run

    serving = prepared(folder, host=host, port=port, access_key=access_key)
    with serving.listener, closing(Office(serving.folder, database=database)) as office:
        office.open_if_there()
        run(application(office, access_key=access_key), serving, tell=print)
    return 0


def application(office: Office, *, access_key: str | None = None) -> ASGIApp:
    """Everything that one server serves: the pages, and beside them the doors of programs and agents.

    Args:
        office: The workspace and its record.
        access_key: What the convener must show; None where only this computer is served.
    """
    from sayso.api.app import make_api, serves
    from sayso.console.app import make_app
    from sayso.console.fork import Beside, Fork
    from sayso.mcp.http import mcp_app

    api = make_api(office, for_this_computer=access_key is None)
    doors = (Beside(serves, api), Beside(lambda path: path == "/mcp", mcp_app(office)))
    return Fork(make_app(office.folder, access_key=access_key), doors=doors)
