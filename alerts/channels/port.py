"""What every channel is, and how a vendor's answer is kept without its secrets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from monitor.domain import AlertCard, DeliveryReceipt, Receipt, SmsReply

_LONGEST_ANSWER = 500
_SHORTEST_SECRET = 4


class Channel(Protocol):
    """A way to a person. `name` is the channel's name in the settings and in a contact."""

    @property
    def name(self) -> str:
        """The name by which contacts and ladders ask for this channel."""
        ...

    def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:
        """Hand a card over and wait until the other side has taken it.

        The same card, address and key give the same bytes, so that a vendor who checks for
        duplicates can drop the second of two.

        Args:
            card: What is to be read.
            address: Where to on this channel; empty where a channel has one target only.
            idempotency_key: The same on every try of one delivery.

        Returns:
            What the other side answered; only this means that the message was taken.

        Raises:
            DeliveryError: It was not taken, or nobody can tell; says whether trying again can help.
        """
        ...


@runtime_checkable
class Measuring(Protocol):
    """A channel whose vendor limits a message's length, so that gathering must measure."""

    def fits(self, card: AlertCard) -> bool:
        """Say whether the whole of a card can be handed over, on the final bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that was taken and of which no receipt has come yet."""

    vendor_id: str
    address: str
    sent_at: datetime


@runtime_checkable
class Receipted(Protocol):
    """A channel whose vendor says later whether a message arrived."""

    def fetch(self, pending: Sequence[Pending]) -> list[DeliveryReceipt]:
        """Ask for receipts, of these messages or of all there are.

        Raises:
            DeliveryError: The vendor did not answer.
        """
        ...


@runtime_checkable
class Answerable(Protocol):
    """A channel by which people can answer, whose answers are asked for."""

    def fetch_replies(self) -> list[SmsReply]:
        """Ask for the answers that came since the last call.

        Raises:
            DeliveryError: The vendor did not answer.
        """
        ...


def masked_answer(answer: str, *secrets: str) -> str:
    """Make a vendor's answer fit to be stored: one line, at most 500 characters, secrets as ***."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            answer = answer.replace(secret, "***")
    return " ".join(answer.split())[:_LONGEST_ANSWER]
