"""A cookie must not make the collector ask anybody but its sources."""

import logging

import pytest
from scrapy.downloadermiddlewares import cookies
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.http import Request, Response
from scrapy.utils.test import get_crawler

from spiders.suffixes import use_shipped_list


def test_a_cookie_fetches_no_list(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []
    splitter = cookies._split_domain
    monkeypatch.setattr(splitter, "suffix_list_urls", splitter.suffix_list_urls)
    monkeypatch.setattr(splitter, "_extractor", None)
    monkeypatch.setattr(splitter._cache, "enabled", False)
    monkeypatch.setattr("requests.Session.get", lambda _self, url, **_: asked.append(url))
    use_shipped_list()
    jar = CookiesMiddleware.from_crawler(get_crawler())
    request = Request("http://bbs.example.com.cn/forum.php", meta={"cookiejar": "forum"})
    answer = Response(
        request.url, headers={"Set-Cookie": "sid=1; Domain=bbs.example.com.cn; Path=/"}
    )
    with caplog.at_level(logging.WARNING, "tldextract"):
        jar.process_response(request, answer)
    jar.process_request(following := Request(request.url, meta={"cookiejar": "forum"}))
    assert asked == []
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []
    assert following.headers["Cookie"] == b"sid=1"
