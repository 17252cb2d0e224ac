"""What a report takes from the ledger: payments, and parties in class C. Reads only."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, or_, select

from monitor.storage.ledger_tables import CaseDetailsRow, PartyRow, PaymentRow


@dataclass(frozen=True, slots=True)
class PartyOfClass:
    """A party, whoever is responsible for it, and its cases (of any state)."""

    name: str
    person: str | None
    case_ids: frozenset[int]


class JoinedRepository:
    """The tables `payments`, `parties` and `case_details`, as a report reads them."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def sum_payments(self, first: date, last: date) -> tuple[int, float]:
        """Workers and yuan paid on these days, both included; what was struck out is left out."""
        workers, amount = self._db.execute(
            select(
                func.coalesce(func.sum(PaymentRow.workers), 0),
                func.coalesce(func.sum(PaymentRow.amount_yuan), 0.0),
            ).where(
                PaymentRow.paid_on >= first,
                PaymentRow.paid_on <= last,
                PaymentRow.voided_by.is_(None),
            )
        ).one()
        return int(workers), round(float(amount), 2)

    def list_of_class(self, party_class: str) -> list[PartyOfClass]:
        """The parties of a class as it is now, by name; merged ones stand under their winner."""
        parties = self._db.execute(
            select(
                PartyRow.id,
                PartyRow.name,
                PartyRow.inspector,
                PartyRow.sector_officer,
                PartyRow.local_leader,
            )
            .where(PartyRow.party_class == party_class, PartyRow.merged_into.is_(None))
            .order_by(PartyRow.name, PartyRow.id)
        ).all()
        cases: dict[int, set[int]] = {}
        of_class = select(PartyRow.id).where(PartyRow.party_class == party_class)
        rows = self._db.execute(
            select(
                CaseDetailsRow.case_id, CaseDetailsRow.employer_party, CaseDetailsRow.project_party
            ).where(
                or_(
                    CaseDetailsRow.employer_party.in_(of_class),
                    CaseDetailsRow.project_party.in_(of_class),
                )
            )
        )
        for case_id, employer, project in rows:
            for party in {employer, project}:
                if party is not None:
                    cases.setdefault(party, set()).add(case_id)
        return [
            PartyOfClass(
                each.name,
                each.inspector or each.sector_officer or each.local_leader or None,
                frozenset(cases.get(each.id, ())),
            )
            for each in parties
        ]
