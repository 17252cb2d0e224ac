"""What every channel is, and how a vendor's answer is kept without its secrets."""

from typing import Protocol

from monitor.domain import AlertCard, Receipt

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


def masked_answer(answer: str, *secrets: str) -> str:
    """Make a vendor's answer fit to be stored: one line, at most 500 characters, secrets as ***."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            answer = answer.replace(secret, "***")
    return " ".join(answer.split())[:_LONGEST_ANSWER]
