"""``sayso mcp``."""

from __future__ import annotations

from pathlib import Path

HERE = Path()


def mcp(
    *,
    server: str | None = None,
    folder: Path = HERE,
    token_file: Path | None = None,
    database: str | None = None,
) -> int:
    """Let an AI agent on this computer record and ask, over standard input and output.

    The token is read from SAYSO_TOKEN, or from a file.

    Args:
        server: Address of a server that keeps the record; the folder's own where not said.
        folder: The workspace.
        token_file: A file that only you can read, with the agent's token in it.
        database: Address of a PostgreSQL database that holds the folder's record.
    """
    from contextlib import closing

    from sayso.mcp.stdio import serve_stdio
    from sayso.workspace.api_office import Office
    from sayso.workspace.desk_local import LocalDesk
    from sayso.workspace.desk_server import ServerDesk
    from sayso.workspace.desk_token import token_of

    token = token_of(token_file)
    if server is not None:
        with ServerDesk(server, token) as desk:
            serve_stdio(desk)
        return 0
    with closing(Office(folder, database=database)) as office:
        serve_stdio(LocalDesk(office, token))
    return 0
