"""The ways in which a source goes quiet: codes, names, and how long each may last. Pure.

What an adapter says of a page that is no list ("no rows") is told more exactly here, by what the
list looked like when it was read well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from urllib.parse import urlsplit

from monitor.domain import Page, Source
from monitor.errors import LayoutChangedError, NotContentError, SourceError
from spiders.shapes import ALIKE_AT, alike, shape_of

EMPTY, MOVED, LAYOUT = "S417", "S415", "S403"


@dataclass(frozen=True, slots=True)
class Fault:
    """What a code means to people, and after how long a person is alerted.

    `allowance` counts from the first poll that showed it; None: it stands on the desk and nobody is
    called. Silence has waited already when it is told.
    """

    name: str
    allowance: timedelta | None


_HOUR = timedelta(hours=1)

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        "S400": Fault("读取出错", 2 * _HOUR),
        "S401": Fault("网站没有应答", 2 * _HOUR),
        "S402": Fault("转到了内网地址", 1 * _HOUR),
        "S403": Fault("页面版式变了", 1 * _HOUR),
        "S404": Fault("要求登录", 1 * _HOUR),
        "S405": Fault("出现验证页", 2 * _HOUR),
        "S406": Fault("内容已删除", None),
        "S407": Fault("字符集变了", 1 * _HOUR),
        "S408": Fault("读到的内容与约定不符", 6 * _HOUR),
        "S409": Fault("robots.txt 不许读", 6 * _HOUR),
        "S410": Fault("两次读取之间有空白", None),
        "S411": Fault("页面过大", 2 * _HOUR),
        "S412": Fault("网站出错", 2 * _HOUR),
        "S413": Fault("证书无法验证", 1 * _HOUR),
        "S414": Fault("安静得反常", timedelta(0)),
        "S415": Fault("转到了别处", 1 * _HOUR),
        "S416": Fault("有内容一直读不出", None),
        "S417": Fault("列表空了", 1 * _HOUR),
        "S418": Fault("时间读不对", 6 * _HOUR),
        "S419": Fault("浏览器打不开", 2 * _HOUR),
        "S420": Fault("数据库忙或已满", 1 * _HOUR),
        "S499": Fault("程序出错", 1 * _HOUR),
        # Not a fault of a site: our own message did not come through (`monitor.canary`).
        "C501": Fault("自检消息没有走完全程", timedelta(0)),
    }
)


def allowance_of(code: str, source: Source | None) -> timedelta | None:
    """Return how long a fault of a source may last before a person is alerted; None: for ever."""
    fault = FAULTS.get(code)
    if fault is None or fault.allowance is None:
        return None
    if source is not None and source.expect.allowance is not None:
        return source.expect.allowance
    return fault.allowance


def diagnose_list(
    error: SourceError, page: Page | None, source: Source, shape: frozenset[int]
) -> SourceError:
    """Tell an empty list and a list that was moved from a layout that changed.

    Args:
        error: What came of reading the list.
        page: The page that it came of; None when none came.
        source: Whose list it is.
        shape: What the list looked like when it was read well; empty when it never was.
    """
    if page is None or not isinstance(error, LayoutChangedError):
        return error
    if alike(shape_of(page), shape) >= ALIKE_AT:
        return _told(source, EMPTY, f"{page.url}: 版式没有变，但一行也没有")
    if is_elsewhere(page, source):
        return _told(source, MOVED, f"{source.url} 转到了 {page.url}")
    return error


def refuse_elsewhere(page: Page, source: Source, shape: frozenset[int]) -> None:
    """Refuse a list that was redirected on its own host to something that looks different.

    Raises:
        NotContentError: With the code of a moved list.
    """
    if shape and is_elsewhere(page, source) and alike(shape_of(page), shape) < ALIKE_AT:
        raise _told(source, MOVED, f"{source.url} 转到了 {page.url}")


def is_elsewhere(page: Page, source: Source) -> bool:
    """Tell whether the list's own address led to another one, beyond its scheme and `www.`."""
    asked, came = urlsplit(source.url), urlsplit(page.url)
    return (asked.path.rstrip("/"), asked.query) != (came.path.rstrip("/"), came.query)


def _told(source: Source, code: str, message: str) -> NotContentError:
    return NotContentError(source.name, message, code=code)
