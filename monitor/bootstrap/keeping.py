"""How long things are kept, from the settings."""

from monitor.retention import RetentionPolicy
from monitor.settings import Settings


def read_retention_policy(settings: Settings) -> RetentionPolicy:
    """How long things are kept."""
    kept = settings.retention
    return RetentionPolicy(
        closed_texts=kept.closed_texts,
        not_a_claim_texts=kept.not_a_claim_texts,
        no_claim_texts=kept.no_claim_texts,
        sent_messages=kept.sent_messages,
        closed_issues=kept.closed_issues,
        longest_hold=kept.longest_hold,
    )
