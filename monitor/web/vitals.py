"""Signs of life for machines: /healthz for supervisors, /metrics for Prometheus."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from secrets import compare_digest
from typing import Any

from litestar import MediaType, Response, get
from litestar.exceptions import PermissionDeniedException
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from monitor.desk.watch_views import Counts, RoleView, SourceHealthView
from monitor.domain import AlertState, CaseState, DeliveryState
from monitor.errors import StorageError
from monitor.web.sessions import DeskRequest
from monitor.web.visit import Here

LOCAL_HOSTS = frozenset({"127.0.0.1", "::1"})
PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip")


class Vitality(StrEnum):
    """How a role is doing."""

    OK = "ok"
    LATE = "late"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class RoleHealth:
    """One role: seconds since the newest sign of life and the newest success on any host."""

    state: Vitality
    beat_age_seconds: float | None = None
    success_age_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """The answer of /healthz."""

    state: str
    roles: dict[str, RoleHealth]


@get("/healthz", public=True, sync_to_thread=True, media_type=MediaType.JSON)
def show_health(visit: Here) -> Response[Health]:
    """Tell whether the watch stands: 200, or 503 when a role is late or missing."""
    try:
        views = visit.desk.roles(visit.now)
    except StorageError:
        return Response(Health("no_storage", {}), status_code=HTTP_503_SERVICE_UNAVAILABLE)
    roles = summarise_roles(views, visit.house.settings.expected_roles, visit.now)
    is_well = all(role.state is Vitality.OK for role in roles.values())
    return Response(
        Health("ok" if is_well else "late", roles),
        status_code=HTTP_200_OK if is_well else HTTP_503_SERVICE_UNAVAILABLE,
    )


def summarise_roles(
    views: Sequence[RoleView], expected: Sequence[str], now: datetime
) -> dict[str, RoleHealth]:
    """Join the hosts of each role: it is well if it is well on one of them."""
    summary = {name: RoleHealth(Vitality.MISSING) for name in expected}
    for name in sorted({view.heartbeat.role for view in views}):
        hosts = [view for view in views if view.heartbeat.role == name]
        is_late = all(view.is_late for view in hosts)
        summary[name] = RoleHealth(
            Vitality.LATE if is_late else Vitality.OK,
            newest_age(now, (view.heartbeat.beat_at for view in hosts)),
            newest_age(now, (view.heartbeat.last_success_at for view in hosts)),
        )
    return summary


def newest_age(now: datetime, moments: Iterable[datetime | None]) -> float | None:
    """Seconds since the newest moment; None when there is none."""
    known = [moment for moment in moments if moment is not None]
    return round((now - max(known)).total_seconds(), 1) if known else None


@get("/metrics", public=True, sync_to_thread=True, media_type=MediaType.TEXT)
def show_metrics(visit: Here) -> Response[bytes]:
    """Count for Prometheus; only for this host or for who holds the token."""
    if not may_read_metrics(visit.request, visit.house.settings.metrics_token):
        raise PermissionDeniedException
    registry = CollectorRegistry()
    registry.register(
        DeskCollector(
            visit.desk.counts(),
            summarise_roles(visit.desk.roles(visit.now), (), visit.now),
            visit.desk.sources(visit.now),
            visit.now,
        )
    )
    return Response(
        generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8"
    )


def may_read_metrics(request: DeskRequest, token: str | None) -> bool:
    """Allow the token's holder, and this host unless a proxy speaks for somebody else."""
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token is not None and compare_digest(given.encode(), token.encode()):
        return True
    is_proxied = any(name in request.headers for name in PROXY_HEADERS)
    host = request.client.host if request.client else ""
    return host in LOCAL_HOSTS and not is_proxied


@dataclass(frozen=True, eq=False)
class DeskCollector(Collector):
    """Turns what the desk counted into metrics."""

    counts: Counts
    roles: Mapping[str, RoleHealth]
    sources: Sequence[SourceHealthView]
    now: datetime

    def collect(self) -> Iterable[Metric]:
        """List every metric."""
        yield from (
            gauge_by("qingxin_cases", "Cases by state", "state", self.counts.cases, CaseState),
            gauge_by("qingxin_alerts", "Alerts by state", "state", self.counts.alerts, AlertState),
            gauge_by(
                "qingxin_deliveries",
                "Messages in the outbox by state",
                "state",
                self.counts.deliveries,
                DeliveryState,
            ),
            gauge_by("qingxin_documents", "Documents by kind", "kind", self.counts.documents, ()),
            GaugeMetricFamily("qingxin_open_issues", "Open issues", value=self.counts.open_issues),
        )
        yield from self.role_ages()
        yield from self.source_ages()

    def role_ages(self) -> Iterable[Metric]:
        """Ages of each role's newest sign of life and success."""
        beat = GaugeMetricFamily(
            "qingxin_role_beat_age_seconds", "Age of a role's newest sign of life", labels=["role"]
        )
        success = GaugeMetricFamily(
            "qingxin_role_success_age_seconds", "Age of a role's newest success", labels=["role"]
        )
        for name, role in self.roles.items():
            for family, age in ((beat, role.beat_age_seconds), (success, role.success_age_seconds)):
                if age is not None:
                    family.add_metric([name], age)
        return beat, success

    def source_ages(self) -> Iterable[Metric]:
        """Age of each source's newest success, and its failures in a row."""
        success = GaugeMetricFamily(
            "qingxin_source_success_age_seconds", "Age of a newest success", labels=["source"]
        )
        failures = GaugeMetricFamily(
            "qingxin_source_failures", "Failed attempts in a row", labels=["source"]
        )
        for view in self.sources:
            failures.add_metric([view.source.name], view.health.consecutive_failures)
            if (at := view.health.last_success_at) is not None:
                success.add_metric([view.source.name], (self.now - at).total_seconds())
        return success, failures


def gauge_by(
    name: str, text: str, label: str, counts: Mapping[Any, int], members: Iterable[Any]
) -> Metric:
    """One gauge with a label; members of a closed list that have no count are shown as 0."""
    gauge = GaugeMetricFamily(name, text, labels=[label])
    for member in [*members, *(key for key in counts if key not in set(members))]:
        gauge.add_metric([str(member)], counts.get(member, 0))
    return gauge


VITALS = [show_health, show_metrics]
