"""The reader that works in a running process, and how it changes without a stop.

Between two batches it looks whether a person has promoted another reader, and changes over: every
assessment carries its reader's version, and no batch is read by two. A reader that cannot be loaded
is an issue, and the one before it goes on.
"""

from collections.abc import Callable, Sequence

import structlog

from models.reader import ReadingInput
from monitor.domain import Document, Reading
from monitor.errors import ModelError
from monitor.shelf import Loaded, Shelf

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

ISSUE = "T602"
SUBJECT = "model"

RecordIssue = Callable[[str, str, str], None]
CloseIssues = Callable[[str, Sequence[str]], None]


class WorkingReader:
    """`monitor.pipeline.Reader`, by whichever reader is promoted."""

    def __init__(self, shelf: Shelf, record: RecordIssue, close: CloseIssues) -> None:
        """Load the reader that works now.

        Raises:
            ModelError: Not even the shipped one can be loaded.
        """
        self._shelf = shelf
        self._record = record
        self._close = close
        self._loaded = shelf.load_working()
        self._seen = self._loaded.promotion_id
        self._tell(self._loaded)

    @property
    def version(self) -> str:
        """Which reader works."""
        return self._loaded.reader.version

    @property
    def working_threshold(self) -> float:
        """Share in [0, 1] from which a text counts as a claim."""
        return self._loaded.reader.working_threshold

    def read(self, documents: Sequence[Document]) -> list[Reading]:
        """Read several documents."""
        return self._loaded.reader.assess_many(
            [ReadingInput(each.title, each.text, each.published_at) for each in documents]
        )

    def refresh(self) -> bool:
        """Change over if another promotion has been made; say whether the reader is another now.

        Raises:
            StorageError: The database does not answer; the same reader goes on.
        """
        newest = self._shelf.find_newest_promotion()
        if newest == self._seen:
            return False
        before = self.version
        try:
            loaded = self._shelf.load_working()
        except ModelError as error:
            self._seen = newest  # once is enough: the next promotion is tried again
            self._record(ISSUE, SUBJECT, f"换不了模型，{before} 继续工作：{error}")
            return False
        self._loaded, self._seen = loaded, loaded.promotion_id
        self._tell(loaded)
        if self.version != before:
            _log.info("model.changed", before=before, now=self.version)
        return self.version != before

    def _tell(self, loaded: Loaded) -> None:
        if loaded.faults:
            self._record(
                ISSUE,
                SUBJECT,
                f"启用的模型用不了，由 {loaded.reader.version} 代替：{'；'.join(loaded.faults)}。"
                "重新训练再启用，或用 qingxin model undo 撤销。",
            )
        else:
            self._close(SUBJECT, (ISSUE,))
