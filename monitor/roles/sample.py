"""The role `sample`: the invented county that a first start watches."""

import logging

from monitor.bootstrap.app import App, read_clock
from sample_county.running import serve


def run_sample_role(app: App) -> None:
    """Serve the sample county until SIGTERM."""
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    sample = app.settings.sample
    serve(
        app.settings.data.folder / "sample",
        host=sample.host,
        port=sample.port,
        seed=sample.seed,
        pace=sample.pace,
        clock=read_clock,
    )
