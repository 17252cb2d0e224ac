"""Every personal value that the county ever served, for the test that searches for them."""

from sample_county.nouns import Secret
from sample_county.world import World


def served_secrets(world: World) -> list[Secret]:
    """List the values, sorted; none of them may stand in a database, a log, a page or an alert.

    Values of what has been edited or deleted since are among them.
    """
    return sorted(world.served(), key=lambda secret: (secret.kind, secret.value))
