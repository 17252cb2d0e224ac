"""What a channel's vendor allows, and how its messages are gathered: one rule a channel. Pure."""

from dataclasses import dataclass

from alerts.buckets import Limit
from alerts.grouping import Fits, Gathering


def _always(_card: object) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """How a channel is used.

    Args:
        limits: For the channel as a whole, e.g. a bot.
        address_limits: For each address on it, e.g. a member or a telephone number.
        gathering: When alerts to one address go out together; None sends every alert by itself.
        fits: Whether a gathered card can be handed over whole, measured on the final bytes.
    """

    limits: tuple[Limit, ...] = ()
    address_limits: tuple[Limit, ...] = ()
    gathering: Gathering | None = None
    fits: Fits = _always


FREE = ChannelRule()
"""No limit and no gathering."""
