"""`wirehouse serve`: Prefect's server, its UI and all scheduled deployments, with one command."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from flows.cli import app
from flows.cli.options import DebugOption, HomeOption, SourcesOption, say
from flows.cli.run import demo_web
from tasks.errors import ConfigurationError


@app.command()
def serve(
    sources: SourcesOption = None,
    port: Annotated[
        int | None, typer.Option("--port", help="Port of the UI on this machine (default 4200).", show_default=False)
    ] = None,
    every: Annotated[
        float | None,
        typer.Option(
            "--every",
            min=5,
            help="Ingest now, then every so many seconds instead of by the schedule of prefect.yaml.",
            show_default=False,
        ),
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Serve and ingest the bundled little news web.")] = False,
    home: HomeOption = None,
    debug: DebugOption = False,
) -> None:
    """Start Prefect's server with its UI and every scheduled deployment, until Ctrl-C; an ingest runs at once.

    Example: wirehouse serve
    """
    from flows.interrupt import ctrl_c_reaches_only_this_process
    from flows.server import known_server, started_server
    from flows.settings import enter_prefect_environment, read, use_prefect_api

    settings = read(home=home, sources=sources, prefect_port=port)
    enter_prefect_environment(settings)
    with ExitStack() as stack:
        stack.enter_context(ctrl_c_reaches_only_this_process())
        if demo:
            settings = stack.enter_context(demo_web(settings))
        say("Starting Prefect's server (the first start takes about 20 s) ...")
        if known := known_server(settings.home):
            raise ConfigurationError(f"serve: a server for {settings.home} answers already at {known}; stop it first")
        use_prefect_api(stack.enter_context(started_server(settings, settings.prefect_port)))
        from flows.deployments import serve_deployments

        serve_deployments(settings, every=every, announce=say)
