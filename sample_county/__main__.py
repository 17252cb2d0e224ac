"""Run the sample county: `python -m sample_county --data DIR --port N`."""

import argparse
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.errors import PortTakenError
from sample_county.running import serve

DEFAULT_SEED = 20261123


def main() -> int:
    """Read the arguments and serve; 0 after a clean stop, 1 when the address is taken."""
    parser = argparse.ArgumentParser(
        prog="sample_county", description="A small invented county that behaves like real sites."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder that keeps the county")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: a free one, printed at the start")
    parser.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="used when the county is new"
    )
    parser.add_argument("--pace", type=float, default=12.0, help="seconds between two events")
    given = parser.parse_args()
    if given.pace <= 0:
        parser.error("--pace must be more than 0 seconds")
    pace = timedelta(seconds=given.pace)
    try:
        serve(
            given.data,
            host=given.host,
            port=given.port,
            seed=given.seed,
            pace=pace,
            clock=_read_clock,
        )
    except PortTakenError as error:
        sys.stderr.write(f"sample county: {error}\n")
        return 1
    except OSError as error:
        where = f"{given.host}:{given.port}, {given.data}"
        sys.stderr.write(f"sample county ({where}): {error.strerror}\n")
        return 1
    return 0


def _read_clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the edge of a program of its own; all else is told


if __name__ == "__main__":
    sys.exit(main())
