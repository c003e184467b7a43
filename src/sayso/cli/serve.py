"""``sayso serve``."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter


def serve(
    *,
    folder: str = ".",
    host: str = "127.0.0.1",
    port: int = 8080,
    access_key: Annotated[str | None, Parameter(env_var="SAYSO_ACCESS_KEY")] = None,
) -> int:
    """Serve the pages of a workspace.

    Args:
        folder: The workspace.
        host: Where to listen; any address but this computer's own needs an access key.
        port: The port; 0 for any that is free.
        access_key: What the convener must show, at least 12 characters.
    """
    from sayso.console.app import make_app
    from sayso.workspace.serve import prepared
    from sayso.workspace.serve import serve as run

    serving = prepared(folder, host=host, port=port, access_key=access_key)
    run(make_app(serving.folder, access_key=serving.access_key), serving, tell=print)
    return 0
