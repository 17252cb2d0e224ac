"""Who watches the watch, in each role."""

from datetime import timedelta

from monitor import dead_man
from monitor.audit_look import AuditPolicy
from monitor.auditing import Auditor
from monitor.bootstrap.app import App, make_holder, read_clock
from monitor.bootstrap.channels import make_channels
from monitor.bootstrap.collecting import list_enabled_sources
from monitor.bootstrap.duty import read_duty_policy


def make_auditor(app: App, role: str) -> Auditor:
    """The auditor of one role; it sends through channels of its own, past the outbox."""
    watch = app.settings.watch
    sources = list_enabled_sources(app)
    return Auditor(
        app.storage,
        make_channels(app),
        read_duty_policy(app.settings),
        AuditPolicy(
            grace=watch.grace,
            stuck_after=watch.stuck_after,
            silent_after=dead_man.allow_silence(
                {str(role): after for role, after in watch.silent_after.items()}, sources
            ),
            tell_again=watch.tell_again,
            sources={
                # One reading may fail and one may be under way.
                each.name: 3 * each.poll_every + timedelta(minutes=2)
                for each in sources
            },
        ),
        holder=f"{role}-{make_holder()}",
        clock=read_clock,
    )
