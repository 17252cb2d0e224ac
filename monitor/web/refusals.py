"""Every error's answer, in one place: a status, and a page that says what to do."""

from dataclasses import dataclass
from traceback import extract_tb
from typing import Any, Final
from urllib.parse import quote

import structlog
from litestar import MediaType, Response
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.response import Redirect
from litestar.status_codes import (
    HTTP_303_SEE_OTHER,
    HTTP_400_BAD_REQUEST,
    HTTP_401_UNAUTHORIZED,
    HTTP_403_FORBIDDEN,
    HTTP_404_NOT_FOUND,
    HTTP_405_METHOD_NOT_ALLOWED,
    HTTP_409_CONFLICT,
    HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    HTTP_429_TOO_MANY_REQUESTS,
    HTTP_500_INTERNAL_SERVER_ERROR,
    HTTP_503_SERVICE_UNAVAILABLE,
)

from monitor.errors import (
    IllegalStepError,
    InputError,
    MonitorError,
    NotAllowedError,
    NotFoundError,
    StorageBusyError,
    StorageError,
    mark,
)
from monitor.web.language import Language
from monitor.web.sessions import DeskRequest
from monitor.web.visit import receive_visit

log = structlog.get_logger()

STATUS_OF_ERROR: Final[tuple[tuple[type[MonitorError], int], ...]] = (
    (NotFoundError, HTTP_404_NOT_FOUND),
    (NotAllowedError, HTTP_403_FORBIDDEN),
    (IllegalStepError, HTTP_409_CONFLICT),
    (InputError, HTTP_400_BAD_REQUEST),
    (StorageBusyError, HTTP_503_SERVICE_UNAVAILABLE),
    (StorageError, HTTP_503_SERVICE_UNAVAILABLE),
)


@dataclass(frozen=True, slots=True)
class Advice:
    """What happened, and what the reader can do."""

    title: str
    cure: str


ADVICE: Final[dict[int, Advice]] = {
    HTTP_400_BAD_REQUEST: Advice(
        mark("填写的内容有误"), mark("请返回上一页，检查填写的内容后重新提交。")
    ),
    HTTP_403_FORBIDDEN: Advice(
        mark("您没有这项权限"),
        mark("您的账号只能查看，或者不能办理这一步。如工作需要，请联系管理员调整角色。"),
    ),
    HTTP_404_NOT_FOUND: Advice(
        mark("没有找到这个页面"),
        mark("地址可能不完整，或者内容已按保存期限清除。请从首页或台账重新进入。"),
    ),
    HTTP_405_METHOD_NOT_ALLOWED: Advice(
        mark("不能这样打开"), mark("请从首页或台账重新进入，再点相应的按钮。")
    ),
    HTTP_409_CONFLICT: Advice(
        mark("这条线索刚才已有变化"),
        mark("其他同志可能已经办理，您这一步没有执行。请重新打开线索，查看最新情况后再决定。"),
    ),
    HTTP_413_REQUEST_ENTITY_TOO_LARGE: Advice(
        mark("提交的内容太大"), mark("请返回上一页，缩短内容后重新提交。")
    ),
    HTTP_429_TOO_MANY_REQUESTS: Advice(
        mark("操作太频繁"), mark("请等一分钟再试。如果不是您本人操作，请告知管理员。")
    ),
    HTTP_500_INTERNAL_SERVER_ERROR: Advice(
        mark("系统出错了"),
        mark("错误已记录，数据没有丢失。请稍后再试；如果一直出现，请把下面的时间告诉管理员。"),
    ),
    HTTP_503_SERVICE_UNAVAILABLE: Advice(
        mark("数据库暂时不可用"),
        mark("您这一步没有执行。请过几秒再试；如果一直出现，请告知管理员。"),
    ),
}

CSRF_ADVICE: Final = Advice(
    mark("页面已过期"), mark("为防止他人冒用，这一步没有执行。请返回上一页，刷新后再提交。")
)


def refuse(request: DeskRequest, error: Exception) -> Response[Any]:
    """Answer any error; a stranger is sent to the sign-in, and a fault of ours is logged."""
    if isinstance(error, NotAuthorizedException):
        return ask_to_sign_in(request)
    status = status_of(error)
    if status >= HTTP_500_INTERNAL_SERVER_ERROR:
        log_fault(request, error)
    advice = advice_of(error, status)
    headers = headers_of(error)
    if not wants_page(request):
        return Response(
            {"status": status, "title": advice.title, "cure": advice.cure},
            status_code=status,
            media_type=MediaType.JSON,
            headers=headers,
        )
    visit = receive_visit(request)
    page = visit.page(
        "refusal.html",
        status_code=status,
        status=status,
        advice=advice,
        detail=detail_of(error, visit.language),
        case_id=request.path_params.get("case_id"),
    )
    page.headers.update(headers)
    return page


def detail_of(error: Exception, language: Language) -> str:
    """The words of an error of ours that were written for this very case; else none."""
    if not isinstance(error, InputError | IllegalStepError | NotAllowedError):
        return ""
    if str(error) == str(type(error)()):
        return ""
    words = language.gettext(error.template)
    return words % error.values if error.values else words


def log_fault(request: DeskRequest, error: Exception) -> None:
    """Log where a fault happened, and nothing that a request or a row contained.

    No `exc_info`: many log set-ups print the frames' values, among them codes, passwords and
    messages; and the words of errors that are not ours may hold a row.
    """
    frames = extract_tb(error.__traceback__)
    log.error(
        "desk.failed",
        method=request.method,
        route=str(request.scope.get("path_template", "")),
        error=type(error).__name__,
        reason=str(error) if isinstance(error, MonitorError) else "",
        frames=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    )


def ask_to_sign_in(request: DeskRequest) -> Response[Any]:
    """Send a reader to the sign-in and, after it, back to the page they wanted."""
    if not wants_page(request):
        body = {"status": HTTP_401_UNAUTHORIZED, "title": "请先登录"}
        return Response(body, status_code=HTTP_401_UNAUTHORIZED, media_type=MediaType.JSON)
    query = request.scope.get("query_string", b"").decode("latin-1")
    wanted = request.url.path + (f"?{query}" if query else "")
    then = f"?then={quote(wanted, safe='')}" if request.method == "GET" and wanted != "/" else ""
    return Redirect(f"/sign-in{then}", status_code=HTTP_303_SEE_OTHER)


def status_of(error: Exception) -> int:
    """The status of an error; what nobody expected is a fault of ours."""
    if isinstance(error, HTTPException):
        return error.status_code
    found = (status for kind, status in STATUS_OF_ERROR if isinstance(error, kind))
    return next(found, HTTP_500_INTERNAL_SERVER_ERROR)


def advice_of(error: Exception, status: int) -> Advice:
    """What the page says; a failed CSRF check is an old page, not a missing right."""
    if isinstance(error, HTTPException) and "CSRF" in error.detail:
        return CSRF_ADVICE
    fallback = HTTP_400_BAD_REQUEST if status < HTTP_500_INTERNAL_SERVER_ERROR else 500
    return ADVICE.get(status, ADVICE[fallback])


def headers_of(error: Exception) -> dict[str, str]:
    """The headers that an error brings, and for a limit how long to wait."""
    if not isinstance(error, HTTPException):
        return {}
    headers = dict(error.headers or {})
    if error.status_code == HTTP_429_TOO_MANY_REQUESTS:
        headers["Retry-After"] = headers.get("RateLimit-Reset", "60")
    return headers


def wants_page(request: DeskRequest) -> bool:
    """A program that asks for JSON and not for HTML gets JSON."""
    accepted = request.headers.get("accept", "")
    return "text/html" in accepted or "json" not in accepted
