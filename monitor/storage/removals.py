"""Removals: what somebody asked to have removed, and may never be read again."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from monitor.domain import Removal
from monitor.errors import NotFoundError
from monitor.storage.tables import CaseDocumentRow, DocumentRow, RemovalRow
from monitor.storage.watch_tables import VisitRow


class RemovalRepository:
    """The table `removals`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def register(self, removal: Removal) -> None:
        """Remember that a text may never be read again; harmless when it is known."""
        known = select(RemovalRow.key).where(
            RemovalRow.source == removal.source,
            RemovalRow.key == removal.key,
            RemovalRow.whole_item == removal.whole_item,
        )
        if self._db.scalar(known) is None:
            self._db.execute(
                insert(RemovalRow).values(
                    source=removal.source,
                    key=removal.key,
                    whole_item=removal.whole_item,
                    removed_at=removal.removed_at,
                    removed_by=removal.removed_by,
                )
            )

    def drop_visits(self, removal: Removal) -> None:
        """Forget that its item was to be read again, and the title under which it was listed."""
        items = (
            [removal.key]
            if removal.whole_item
            else [
                *self._db.scalars(
                    select(DocumentRow.item_key).where(
                        DocumentRow.source == removal.source, DocumentRow.key == removal.key
                    )
                )
            ]
        )
        self._db.execute(
            delete(VisitRow).where(VisitRow.source == removal.source, VisitRow.key.in_(items))
        )

    def list_all(self) -> list[Removal]:
        """Everything that was removed on request, newest first."""
        rows = self._db.execute(
            select(RemovalRow.__table__).order_by(RemovalRow.removed_at.desc(), RemovalRow.key)
        ).mappings()
        return [Removal(**row) for row in rows]

    def find_items(self, source: str, item_keys: Sequence[str]) -> set[str]:
        """Which of these items were removed as a whole."""
        return self._find_removed(source, item_keys, whole_item=True)

    def find_documents(self, source: str, keys: Sequence[str]) -> set[str]:
        """Which of these documents were removed."""
        return self._find_removed(source, keys, whole_item=False)

    def _find_removed(self, source: str, keys: Sequence[str], *, whole_item: bool) -> set[str]:
        found: set[str] = set()
        for start in range(0, len(keys), 500):
            found |= set(
                self._db.scalars(
                    select(RemovalRow.key).where(
                        RemovalRow.source == source,
                        RemovalRow.whole_item == whole_item,
                        RemovalRow.key.in_(keys[start : start + 500]),
                    )
                )
            )
        return found

    def find_place(self, document_id: int) -> tuple[str, str, str, int | None]:
        """Source, key, item key and case (None: in none) of a document.

        Raises:
            NotFoundError: There is no such document.
        """
        row = self._db.execute(
            select(
                DocumentRow.source, DocumentRow.key, DocumentRow.item_key, CaseDocumentRow.case_id
            )
            .outerjoin(CaseDocumentRow, CaseDocumentRow.document_id == DocumentRow.id)
            .where(DocumentRow.id == document_id)
        ).first()
        if row is None:
            raise NotFoundError(f"没有编号为 {document_id} 的文书。")
        return row[0], row[1], row[2], row[3]

    def list_cases_of(self, removal: Removal) -> list[int]:
        """The cases that the texts of a removal are in."""
        return [
            *self._db.scalars(
                select(CaseDocumentRow.case_id)
                .join(DocumentRow, DocumentRow.id == CaseDocumentRow.document_id)
                .where(
                    DocumentRow.source == removal.source,
                    (DocumentRow.item_key if removal.whole_item else DocumentRow.key)
                    == removal.key,
                )
                .distinct()
            )
        ]
