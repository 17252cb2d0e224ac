"""/healthz and /metrics: what supervisors and Prometheus ask."""

from dataclasses import replace
from datetime import timedelta

import pytest
from litestar.testing import RequestFactory
from prometheus_client.parser import text_string_to_metric_families

from monitor.errors import StorageBusyError
from monitor.web.vitals import may_read_metrics
from tests.integration.desk_client import Clock, open_desk
from tests.integration.desk_samples import NOON, make_office, make_roles
from tests.integration.fake_desk import FakeDesk

TOKEN = "t" * 40


def read_metrics(text: str) -> dict[tuple[str, str], float]:
    """Read samples by name and by their label's value."""
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_health_tells_how_old_the_newest_success_of_each_role_is() -> None:
    with open_desk() as visitor:
        answer = visitor.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "state": "ok",
        "roles": {
            "collect": {"state": "ok", "beat_age_seconds": 20.0, "success_age_seconds": 28.0},
            "desk": {"state": "ok", "beat_age_seconds": 2.0, "success_age_seconds": 10.0},
            "work": {"state": "ok", "beat_age_seconds": 4.0, "success_age_seconds": 12.0},
        },
    }


def test_health_is_bad_when_a_role_is_late() -> None:
    office = make_office()
    office.role_views = make_roles(late=True)
    with open_desk(office) as visitor:
        answer = visitor.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["state"] == "late"
    assert answer.json()["roles"]["collect"]["state"] == "late"


def test_a_role_that_is_well_on_one_host_is_well() -> None:
    office = make_office()
    late = [
        replace(view, heartbeat=replace(view.heartbeat, host="duty-2"), is_late=True)
        for view in make_roles()
    ]
    office.role_views = [*late, *make_roles()]
    with open_desk(office) as visitor:
        assert visitor.get("/healthz").status_code == 200


def test_a_role_that_never_showed_itself_is_missing() -> None:
    office = make_office()
    office.role_views = [view for view in make_roles() if view.heartbeat.role != "work"]
    with open_desk(office) as visitor:
        answer = visitor.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["roles"]["work"] == {
        "state": "missing",
        "beat_age_seconds": None,
        "success_age_seconds": None,
    }


def test_health_names_no_host_and_no_person() -> None:
    with open_desk() as visitor:
        text = visitor.get("/healthz").text
    assert "duty-1" not in text
    assert "王" not in text


class LockedDesk(FakeDesk):
    """Its database is locked."""

    def roles(self, now: object) -> list[object]:  # type: ignore[override]
        raise StorageBusyError


def test_health_is_bad_when_the_database_does_not_answer() -> None:
    with open_desk(LockedDesk(**vars(make_office()))) as visitor:
        answer = visitor.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["state"] == "no_storage"


def test_the_metrics_count_what_the_desk_counts() -> None:
    with open_desk(metrics_token=TOKEN) as visitor:
        visitor.clock.forward(seconds=10)
        answer = visitor.get("/metrics", authorization=f"Bearer {TOKEN}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    samples = read_metrics(answer.text)
    assert samples["qingxin_cases", "new"] == 5
    assert samples["qingxin_cases", "accepted"] == 2
    assert samples["qingxin_cases", "ordered"] == 0
    assert samples["qingxin_alerts", "sent"] == 3
    assert samples["qingxin_deliveries", "failed"] == 1
    assert samples["qingxin_documents", "claim"] == 12
    assert samples["qingxin_documents", "unassessed"] == 0
    assert samples["qingxin_open_issues", ""] == 2
    assert samples["qingxin_role_success_age_seconds", "work"] == 22
    assert samples["qingxin_source_failures", "old_forum"] == 6
    assert samples["qingxin_source_success_age_seconds", "old_forum"] == 3 * 3600 + 10
    assert ("qingxin_source_success_age_seconds", "new_board") not in samples


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer "},
        {"authorization": TOKEN[:-1]},
    ],
)
@pytest.mark.parametrize("token", [TOKEN, None])
def test_the_metrics_are_not_for_strangers(headers: dict[str, str], token: str | None) -> None:
    with open_desk(metrics_token=token) as visitor:
        answer = visitor.get("/metrics", **headers)
    assert answer.status_code == 403
    assert "qingxin_cases" not in answer.text


@pytest.mark.parametrize(
    ("host", "headers", "allowed"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("10.0.0.7", {}, False),
        ("127.0.0.1", {"x-forwarded-for": "10.0.0.7"}, False),
        ("127.0.0.1", {"forwarded": "for=10.0.0.7"}, False),
    ],
)
def test_without_a_token_the_metrics_are_for_this_host_only(
    host: str,
    headers: dict[str, str],
    *,
    allowed: bool,
) -> None:
    request = RequestFactory().get("/metrics", headers=headers)
    request.scope["client"] = (host, 40_000)
    assert may_read_metrics(request, None) is allowed


def test_the_metrics_do_not_need_a_session_and_give_none() -> None:
    with open_desk(metrics_token=TOKEN, clock=Clock(NOON + timedelta(days=1))) as visitor:
        answer = visitor.get("/metrics", authorization=f"Bearer {TOKEN}")
    assert answer.status_code == 200
    assert "qingxin=" not in answer.headers.get("set-cookie", "")
