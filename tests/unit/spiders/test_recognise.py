from dataclasses import replace
from pathlib import Path

import pytest

from monitor.domain import Family, Page
from spiders.recognise import needs_a_script, recognise, title_of
from tests.pages.test_saved_pages import FOLDER, SPECS, open_page

CORPUS = FOLDER / "corpus"
# Bare lists and letters without a heading give their software away to nobody.
LEAST_SHARE = 0.9
NAMED = ("discuz-x35", "discuz-x34-gbk", "discuz-archiver", "wordpress-classic", "wordpress-block",
         "wordpress-rest", "trs", "hanweb", "dedecms-gbk", "phpcms", "empirecms-gbk", "feed",
         "mailbox-table", "mailbox-definitions", "people-board")  # fmt: skip


def opened(path: str) -> Page:
    return open_page(CORPUS / f"{path}.toml")[1]


@pytest.mark.parametrize("folder", NAMED)
def test_a_family_is_known_by_its_pages_and_says_why(folder: str) -> None:
    right, pages = 0, 0
    for path in SPECS:
        spec, page, source = open_page(path)
        if path.parent.name != folder or "error" in spec:
            continue
        pages += 1
        guesses = recognise(page)
        right += bool(guesses) and guesses[0].family is source.family
        assert all(guess.why for guess in guesses)
    assert right >= pages * (0.8 if folder == "people-board" else LEAST_SHARE) - 2


def test_a_thread_leads_to_its_board() -> None:
    best = recognise(opened("discuz-x34-gbk/declared-in-header-and-page"))[0]
    assert (best.family, best.address) == (
        Family.DISCUZ,
        "http://bbs.qinghe.example/forum-2-1.html",
    )


def test_wordpress_is_read_by_rest_first_so_that_edits_show() -> None:
    best = recognise(opened("wordpress-block/plain"))[0]
    assert best.family is Family.WORDPRESS
    assert best.address.startswith("http://dl.example/wp-json/wp/v2/posts?")
    assert "orderby=modified" in best.address
    assert "modified_after={moment-30}" in best.address
    assert "author" not in best.address


def test_a_column_of_hanweb_is_asked_as_its_script_asks() -> None:
    page = opened("hanweb/records-in-the-column")
    text = (
        "<script>var params = {url:'/module/web/jpage/dataproxy.jsp', col:1, appid:1, webid:3, "
        "path:'/', columnid:102, sourceContentType:1, unitid:2098, webname:'x', permissiontype:0};"
        "</script>"
    )
    best = recognise(replace(page, body=text.encode()))[0]
    assert best.family is Family.HANWEB
    assert best.address == "http://rsj.qinghe.example/module/web/jpage/dataproxy.jsp"
    assert {"columnid=102", "unitid=2098", "startrecord=1", "endrecord=45"} <= set(
        best.form.split("&")
    )
    assert best.rules == {"paging": "startrecord+45,endrecord+45"}


def test_an_article_leads_to_its_column() -> None:
    best = recognise(opened("dedecms-gbk/plain"))[0]
    assert (best.family, best.address) == (Family.DEDECMS, "http://www.qhnews.example/a/yaowen/")


def test_a_frame_that_a_script_would_fill_is_told_as_that() -> None:
    page = opened("trs/list")
    frame = b"<html><body><div id=app></div><script src=/a.js></script></body></html>"
    assert needs_a_script(replace(page, body=frame))
    assert not needs_a_script(page)


def test_a_name_for_the_source_is_without_the_softwares_own() -> None:
    assert title_of(opened("discuz-x35/board-page-one")) == "百姓求助 - 清河老乡论坛"


def test_nothing_is_recognised_in_nothing(tmp_path: Path) -> None:
    page = replace(opened("trs/list"), body=b"<html><body>hello</body></html>")
    assert recognise(page) == []
