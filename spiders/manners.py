"""How we behave as a guest of other people's servers: our name, and Scrapy's settings."""

import re
from typing import Any

from monitor.errors import MonitorError

# Forum software sends phones another template without exact times, and looks for these anywhere in
# the name of the reader; "bot" and the like get a third one.
_WORDS_THAT_CHANGE_PAGES = re.compile(
    r"bot|crawl|spider|slurp|phone|mobile|wap|java|series|sony|samsung|huawei|nokia|android|maui|"
    r"bird|spice|lg|nec|tcl|mot|alcatel|haier|benq|iphone|ipad|symbian|opera mini|ucweb|palm|htc|"
    r"zte|vivo|oppo|lenovo|panasonic|philips|sagem|sharp|sie-|ericsson|blackberry|windows ce|"
    r"midp|cldc|ppc|smart|avantgo|portal|pda|j2me|kddi|docomo|vodafone|up\.browser",
    re.IGNORECASE,
)


def user_agent(contact: str) -> str:
    """Return the name under which we read: what it is, and whom to ask about it.

    Args:
        contact: An address of the office that runs it (https://… or an e-mail address).

    Raises:
        MonitorError: The contact holds a word for which forums send other pages.
    """
    name = f"QingxinWageReader/0.1 (+{contact})"
    if found := _WORDS_THAT_CHANGE_PAGES.search(name):
        message = f"联系地址中含有“{found[0]}”，论坛会因此改发另一种页面；换一个联系地址"
        raise MonitorError(message)
    return name


def scrapy_settings(agent: str) -> dict[str, Any]:
    """Return Scrapy's settings, where its defaults are not ours."""
    return {
        "USER_AGENT": agent,
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": agent.split("/", 1)[0],
        "DOWNLOADER_MIDDLEWARES": {
            "spiders.guards.AddressGuard": 60,
            "spiders.guards.RobotsGate": 100,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
            "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
        },
        "DOWNLOAD_HANDLERS": {
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
            "http": "spiders.guards.VerifyingHandler",
            "https": "spiders.guards.VerifyingHandler",
        },
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "TWISTED_DNS_RESOLVER": "spiders.guards.GuardedResolver",
        # The process lives for months: a name that moved must be noticed.
        "DNSCACHE_ENABLED": False,
        "DNS_TIMEOUT": 10,
        "CONCURRENT_REQUESTS": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "REDIRECT_MAX_TIMES": 5,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9",
        },
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "STATS_DUMP": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "REACTOR_THREADPOOL_MAXSIZE": 20,
    }
