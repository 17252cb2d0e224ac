"""The sender's side of the outbox: claims, results, and one row for every try."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, insert, select, update
from sqlalchemy import text as sql

from monitor.domain import (
    AlertCard,
    AlertState,
    Contact,
    Delivery,
    DeliveryState,
    GatheredDelivery,
    Lane,
)
from monitor.storage.mapping import dump_card, load_card
from monitor.storage.tables import (
    DUE_DELIVERY,
    AlertRow,
    BundledDeliveryRow,
    BundleRow,
    CaseRow,
    DeliveryAttemptRow,
    DeliveryRow,
    VendorMessageRow,
)

_WANTED = (AlertState.DUE.value, AlertState.SENT.value)
_WAITING = (
    select(DeliveryRow.__table__, CaseRow.number, AlertRow.state.label("alert_state"))
    .join(AlertRow, AlertRow.id == DeliveryRow.alert_id)
    .outerjoin(CaseRow, CaseRow.id == AlertRow.case_id)
    .where(sql(DUE_DELIVERY))
)


@dataclass(frozen=True, slots=True)
class Which:
    """Which channels a sender serves: `only` one, or all but some; as it is, every channel."""

    only: str | None = None
    but: tuple[str, ...] = ()

    def condition(self) -> list[ColumnElement[bool]]:
        """What a query asks of a delivery."""
        if self.only is not None:
            return [DeliveryRow.channel == self.only]
        return [DeliveryRow.channel.not_in(self.but)] if self.but else []


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that is due and not yet claimed; `wanted` is False when its alert has ended."""

    delivery: Delivery
    lane: Lane
    wanted: bool


class OutboxRepository:
    """The tables `deliveries`, `delivery_attempts`, `bundles` and `vendor_messages`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    # ---- what waits

    def has_due(self, now: datetime, which: Which | None = None) -> bool:
        """Say whether anything is due, without taking it."""
        query = select(DeliveryRow.id).where(sql(DUE_DELIVERY), DeliveryRow.due_at <= now)
        return self._db.scalar(query.where(*(which or Which()).condition()).limit(1)) is not None

    def list_due(self, now: datetime, which: Which, limit: int) -> list[Candidate]:
        """The messages that are due: the urgent first, and of each lane the longest due."""
        return self._candidates(
            _WAITING.where(DeliveryRow.due_at <= now, *which.condition())
            .order_by(DeliveryRow.lane, DeliveryRow.due_at, DeliveryRow.id)
            .limit(limit)
        )

    def list_untried(self, like: Candidate, now: datetime, limit: int) -> list[Candidate]:
        """What waits for the same address in the same lane, was never tried, and is wanted."""
        contact = like.delivery.contact
        return self._candidates(
            _WAITING.where(
                DeliveryRow.channel == contact.channel,
                DeliveryRow.lane == int(like.lane),
                DeliveryRow.address == contact.address,
                DeliveryRow.due_at <= now,
                DeliveryRow.tries == 0,
                AlertRow.state.in_(_WANTED),
            )
            .order_by(DeliveryRow.due_at, DeliveryRow.id)
            .limit(limit)
        )

    def _candidates(self, query: Select[tuple[object, ...]]) -> list[Candidate]:
        return [
            Candidate(_load(row), Lane(row["lane"]), row["alert_state"] in _WANTED)
            for row in self._db.execute(query).mappings()
        ]

    def is_still_wanted(self, delivery: Delivery) -> bool:
        """Read the state again: one of them neither acknowledged nor called off meanwhile."""
        return (
            self._db.scalar(
                select(DeliveryRow.id)
                .join(AlertRow, AlertRow.id == DeliveryRow.alert_id)
                .where(
                    DeliveryRow.id.in_(_ids(delivery)),
                    DeliveryRow.state == DeliveryState.DUE.value,
                    AlertRow.state.in_(_WANTED),
                )
                .limit(1)
            )
            is not None
        )

    # ---- claims

    def claim(self, delivery: Delivery, until: datetime) -> bool:
        """Take one message; False when another sender was quicker."""
        # Portable: only the one whose update still finds `due_at` as it was read owns the row.
        taken = self._db.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.id == delivery.delivery_id,
                DeliveryRow.due_at == delivery.due_at,
                DeliveryRow.state == DeliveryState.DUE.value,
            )
            .values(due_at=until, tries=DeliveryRow.tries + 1)
        )
        return taken.rowcount == 1

    def claim_others(self, delivery_ids: Sequence[int], until: datetime) -> None:
        """Take what goes out with a message that was claimed."""
        self._db.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id.in_(delivery_ids), DeliveryRow.state == DeliveryState.DUE.value)
            .values(due_at=until, tries=DeliveryRow.tries + 1)
        )

    def put_off(
        self,
        channel: str,
        now: datetime,
        until: datetime,
        *,
        lane: Lane | None = None,
        address: str | None = None,
        untried: bool = False,
    ) -> None:
        """Let what is due wait, untried, until the channel may take it; counts as no try."""
        query = update(DeliveryRow).where(
            sql(DUE_DELIVERY), DeliveryRow.channel == channel, DeliveryRow.due_at <= now
        )
        if lane is not None:
            query = query.where(DeliveryRow.lane == int(lane))
        if address is not None:
            query = query.where(DeliveryRow.address == address)
        if untried:
            query = query.where(DeliveryRow.tries == 0)
        self._db.execute(query.values(due_at=until))

    # ---- bundles

    def add_bundle(
        self, card: AlertCard, idempotency_key: str, delivery_ids: Sequence[int], now: datetime
    ) -> None:
        """Keep a message that carries several deliveries."""
        bundle_id = self._db.scalar(
            insert(BundleRow)
            .values(card=dump_card(card), idempotency_key=idempotency_key, made_at=now)
            .returning(BundleRow.id)
        )
        self._db.execute(
            insert(BundledDeliveryRow),
            [{"delivery_id": each, "bundle_id": bundle_id} for each in delivery_ids],
        )

    def find_bundle(self, delivery: Delivery) -> Delivery | None:
        """Put the message together in which a delivery went out before; None if it went alone."""
        bundle = self._db.execute(
            select(BundleRow.id, BundleRow.card, BundleRow.idempotency_key)
            .join(BundledDeliveryRow, BundledDeliveryRow.bundle_id == BundleRow.id)
            .where(BundledDeliveryRow.delivery_id == delivery.delivery_id)
        ).first()
        if bundle is None:
            return None
        others = _WAITING.join(
            BundledDeliveryRow, BundledDeliveryRow.delivery_id == DeliveryRow.id
        ).where(BundledDeliveryRow.bundle_id == bundle[0], DeliveryRow.id != delivery.delivery_id)
        return replace(
            delivery,
            card=load_card(bundle[1]),
            idempotency_key=bundle[2],
            gathered=tuple(
                _gathered(each.delivery)
                for each in self._candidates(others.order_by(DeliveryRow.id))
            ),
        )

    # ---- results

    def record_called_off(self, delivery: Delivery, now: datetime) -> None:
        """Write down that a message is not wanted any more."""
        self._change_due(delivery, state=DeliveryState.CALLED_OFF.value)
        self._add_attempts(delivery, now, "called_off", "")

    def record_sent(
        self, delivery: Delivery, answer: str, now: datetime, vendor_id: str = ""
    ) -> None:
        """Write down that the channel took the message."""
        self._db.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id.in_(_ids(delivery)))
            .values(state=DeliveryState.SENT.value, sent_at=now, due_at=now)
        )
        alerts = [delivery.alert_id, *(each.alert_id for each in delivery.gathered)]
        self._db.execute(
            update(AlertRow)
            .where(AlertRow.id.in_(alerts), AlertRow.state == AlertState.DUE.value)
            .values(state=AlertState.SENT.value, sent_at=now)
        )
        if vendor_id:
            self._add_vendor_id(delivery, vendor_id)
        self._add_attempts(delivery, now, "sent", answer)

    def record_failure(
        self, delivery: Delivery, answer: str, next_due_at: datetime | None, now: datetime
    ) -> None:
        """Write down a failed try; `next_due_at` None gives this channel up for this message."""
        if next_due_at is None:
            self._change_due(delivery, state=DeliveryState.FAILED.value)
        else:
            self._change_due(delivery, due_at=next_due_at)
        outcome = "failed" if next_due_at is None else "put_off"
        self._add_attempts(delivery, now, outcome, answer)

    def _change_due(self, delivery: Delivery, **values: object) -> None:
        """Change what still waits; what was sent or called off meanwhile keeps that state."""
        self._db.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id.in_(_ids(delivery)), DeliveryRow.state == DeliveryState.DUE.value)
            .values(**values)
        )

    def _add_vendor_id(self, delivery: Delivery, vendor_id: str) -> None:
        key = vendor_id[:120]
        known = set(
            self._db.scalars(
                select(VendorMessageRow.delivery_id).where(
                    VendorMessageRow.delivery_id.in_(_ids(delivery)),
                    VendorMessageRow.vendor_id == key,
                )
            )
        )
        channel = delivery.contact.channel
        new = [
            {"delivery_id": each, "vendor_id": key, "channel": channel}
            for each in _ids(delivery)
            if each not in known
        ]
        if new:
            self._db.execute(insert(VendorMessageRow), new)

    def _add_attempts(self, delivery: Delivery, now: datetime, outcome: str, answer: str) -> None:
        self._db.execute(
            insert(DeliveryAttemptRow),
            [
                {"delivery_id": each, "at": now, "outcome": outcome, "answer": answer[:500]}
                for each in _ids(delivery)
            ],
        )


def gathered_with(delivery: Delivery, others: Sequence[Delivery]) -> Delivery:
    """Let a delivery carry others; the card is the caller's to change."""
    return replace(delivery, gathered=tuple(_gathered(each) for each in others))


def claimed(delivery: Delivery, until: datetime) -> Delivery:
    """Say what a delivery is once it has been claimed."""
    return replace(delivery, due_at=until, tries=delivery.tries + 1)


def _gathered(delivery: Delivery) -> GatheredDelivery:
    return GatheredDelivery(
        delivery.delivery_id, delivery.alert_id, delivery.person, delivery.case_number
    )


def _ids(delivery: Delivery) -> list[int]:
    return [delivery.delivery_id, *(each.delivery_id for each in delivery.gathered)]


def _load(row: RowMapping) -> Delivery:
    return Delivery(
        delivery_id=row["id"],
        alert_id=row["alert_id"],
        person=row["person"],
        contact=Contact(row["channel"], row["address"]),
        card=load_card(row["card"]),
        idempotency_key=row["idempotency_key"],
        state=DeliveryState.DUE,
        due_at=row["due_at"],
        tries=row["tries"],
        case_number=row["number"] or "",
    )
