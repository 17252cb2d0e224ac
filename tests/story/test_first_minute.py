"""`make run`, as a newcomer sees it: the shipped settings, a post of one's own, a second start."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import httpx
import pytest

from monitor.bootstrap.app import build
from monitor.storage.case_lists import CaseQuery
from tests.conftest import ROOT, find_free_port, write_settings
from tests.installation import wait_for

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.timeout(400)]

POST = {
    "title": "金禾制衣厂拖欠工资",
    "text": "我们12个人在清河金禾制衣有限公司踩缝纫机，拖欠我们三个月工资，一共96000元，请帮忙。",
}


class Run:
    """`qingxin run` with the shipped settings on ports of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sample = f"http://127.0.0.1:{(sample_port := find_free_port())}"
        self.desk = f"http://127.0.0.1:{(desk_port := find_free_port())}"
        self.settings = write_settings(
            folder,
            sample__port=str(sample_port),
            sample__pace='"PT1H"',
            desk__port=str(desk_port),
            desk__base_url=f'"{self.desk}"',
        )
        self.log = folder / "run.log"

    def __enter__(self) -> Self:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "monitor.cli", "run", "--settings", self.settings],
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
            )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=60) == 0, "it stops cleanly"

    def said(self) -> str:
        return self.log.read_text("utf-8", errors="replace")

    def events(self, name: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []
        for path in (self.folder / "data" / "logs").glob("*.jsonl"):
            for line in path.read_text("utf-8").splitlines():
                event = json.loads(line)
                if event["event"] == name:
                    found.append(event)
        return found

    def is_well(self) -> bool:
        try:
            return httpx.get(f"{self.desk}/healthz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


def employers(run: Run) -> list[str | None]:
    app = build(run.settings)
    with app.storage.look() as rows:
        cases = rows.case_lists.list_page(CaseQuery(), offset=0, limit=1000)
    app.storage.close()
    return [each.employer for each in cases]


def test_a_post_after_the_start_is_an_alert_and_a_second_start_carries_on(tmp_path: Path) -> None:
    with Run(tmp_path) as run:
        wait_for(run.is_well, seconds=90, why="every role has succeeded")
        posted = time.monotonic()
        httpx.post(f"{run.sample}/post", data=POST, follow_redirects=True).raise_for_status()
        wait_for(
            lambda: any("金禾制衣" in (each or "") for each in employers(run)),
            seconds=60,
            why="the post becomes a case",
        )
        wait_for(
            lambda: "金禾制衣" in run.said(), seconds=30, why="its card stands in the terminal"
        )
        print(f"post → alert: {time.monotonic() - posted:.1f} s")
        assert run.events("alert.sent")
        link = re.search(r"http://\S+/sign-in/once/\S+", run.said())
        assert link, "the one-time sign-in is printed"
        assert httpx.get(link[0], timeout=10).status_code == 200
        first = employers(run)
    with run:
        wait_for(run.is_well, seconds=90, why="the second start comes up")
        text = POST["text"].replace("金禾制衣", "顺达物流")
        again = {"title": "顺达物流拖欠工资", "text": text}
        httpx.post(f"{run.sample}/post", data=again, follow_redirects=True).raise_for_status()
        wait_for(
            lambda: any("顺达物流" in (each or "") for each in employers(run)),
            seconds=60,
            why="the second post becomes a case",
        )
        second = employers(run)
    assert sum("金禾制衣" in (each or "") for each in second) == 1, "nothing is opened twice"
    assert len(second) >= len(first) + 1


def test_a_broken_settings_file_stops_the_start_with_every_mistake(tmp_path: Path) -> None:
    settings = write_settings(tmp_path)
    settings.write_text(settings.read_text("utf-8").replace("[log]", "[logg]"), "utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "monitor.cli", "run", "--settings", settings],
        check=False,
        capture_output=True,
        cwd=ROOT,
        text=True,
    )
    assert ended.returncode == 1
    assert "M101" in ended.stderr
    assert "M102" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "data").exists()
