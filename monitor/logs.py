"""How we log: structured, once for machines and once for the person at the terminal."""

import logging
import logging.handlers
import sys
from pathlib import Path

import structlog

_NOISY = (
    "alembic",
    "asyncio",
    "httpcore",
    "httpx",
    "scrapy",
    "twisted",
    "uvicorn.access",
    "uvicorn.error",
)
"""Libraries whose everyday talk would hide ours; their warnings are kept."""


def _is_worth_telling(record: logging.LogRecord) -> bool:
    # At the handlers and not only by level: Scrapy sets the levels of its loggers anew.
    return record.levelno >= logging.WARNING or not record.name.startswith(_NOISY)


def configure_logging(folder: Path, level: str, role: str) -> None:
    """Log as JSON lines into `<folder>/<role>.jsonl`, and readable on standard error.

    Files are rotated at 10 MB, five are kept. No event carries a message's words.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        cache_logger_on_first_use=True,
    )
    file = logging.handlers.RotatingFileHandler(
        folder / f"{role}.jsonl", maxBytes=10_000_000, backupCount=5, encoding="utf-8"
    )
    file.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    console = logging.StreamHandler(sys.stderr)
    console.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(
                    colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
                ),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [file, console]
    for handler in root.handlers:
        handler.addFilter(_is_worth_telling)
    root.setLevel(level.upper())
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
