"""The pages of alerts, duty, channels, model and reports in English, on a desk that is full."""

from pathlib import Path

import httpx
import pytest

from tests.browser.conftest import RunningLedger
from tests.browser.full_desk import fill
from tests.browser.page_list import PAGES
from tests.integration.desk_client import read_forms
from tests.integration.test_desk_english import find_chinese

pytestmark = pytest.mark.browser

LOOKED_AT = ("/alerts", "/channels", "/duty", "/model", "/reports")
ELSEWHERE = {"/model/documents/{document_id:int}"}  # leads to the case, see test_desk_english
WRITTEN = (
    *("同志", "远山劳务", "青禾公司", "宏图公司", "求助"),
    *("周报", "新增线索", "复核标注", "改正的判读"),
)
"""In every word that people, messages or a kept report wrote."""


def test_these_pages_hold_no_chinese_words_of_ours_in_english(
    running: RunningLedger, tmp_path: Path
) -> None:
    fill(running.ledger, tmp_path)
    found: dict[str, list[str]] = {}
    with httpx.Client(base_url=running.base_url, follow_redirects=True) as client:
        address = f"/sign-in/once/{running.make_sign_in('han')}"
        client.post(address, data=read_forms(client.get(address))[address].fields)
        client.get("/?lang=en")
        paths = [
            path
            for route, paths in PAGES.items()
            if route.startswith(LOOKED_AT) and route not in ELSEWHERE
            for path in paths
        ]
        assert len(paths) > 15
        for path in paths:
            words = find_chinese(client.get(path).text)
            ours = [each for each in words if not any(name in each for name in WRITTEN)]
            if ours:
                found[path] = ours
    assert found == {}
