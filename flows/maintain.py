"""The flow `maintain`: what a warehouse needs at night, so that it stays small and quick."""

from __future__ import annotations

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.runs import only_one_run
from flows.settings import read
from warehouse.maintain import maintain as maintained


@flow(name="maintain", flow_run_name="maintain")
def maintain(home: str | None = None) -> State[None]:
    """Compact the database, drop what is past its retention, and publish the result.

    Args:
        home: Folder that holds everything; default WIREHOUSE_HOME.
    """
    settings = read(home=home)
    with only_one_run(settings, "maintain") as is_alone:
        if not is_alone:
            return Completed(name="Skipped", message="A run is under way; the next night will do")
        done = maintained(settings.home)
        get_run_logger().info("%s", done)
        return Completed(message=str(done))
