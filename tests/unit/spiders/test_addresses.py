import pytest

from monitor.domain import Basis, Family, Source
from monitor.errors import MonitorError, RefusedAddressError
from spiders.addresses import endpoint_of, own_endpoint, refuse_address
from spiders.manners import user_agent

OWN = ("127.0.0.1", 18930)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1/",
        "http://127.0.0.1:18931/",
        "http://10.1.2.3/",
        "http://192.168.1.1/",
        "http://172.16.0.9/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://[::1]/",
        "http://[fe80::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fd00::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:7f00:1::]/",
        "http://[::7f00:1]/",
        "http://127.1/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.01/",
        "http://2130706433/",
        "http://example.com.0x7f000001/",
        "http://localhost:80/",
        "http://LOCALHOST./",
        "http://printer/",
        "http://desk.internal/",
        "file:///etc/passwd",
        "ftp://bbs.example.com/",
        "gopher://x/",
        "http:///nohost",
        "http://bbs.example.com:99999/",
    ],
)
@pytest.mark.parametrize("own", [None, OWN])
def test_an_address_nearby_is_refused(url: str, own: tuple[str, int] | None) -> None:
    with pytest.raises(RefusedAddressError) as caught:
        refuse_address("s", url, own)
    assert caught.value.code == "S402"
    assert not caught.value.temporary


def test_public_addresses_and_a_local_sources_own_are_allowed() -> None:
    refuse_address("s", "https://bbs.example.com/forum.php", None)
    refuse_address("s", "http://8.8.8.8/", None)
    refuse_address("s", "http://127.0.0.1:18930/forum/", OWN)


def test_only_a_source_that_is_marked_local_has_an_endpoint_of_its_own() -> None:
    url = "http://127.0.0.1:18930/forum/"
    source = Source("s", "来源", Family.DISCUZ, Basis.HELP_SECTION, url)
    assert own_endpoint(source) is None
    local = Source("s", "来源", Family.DISCUZ, Basis.HELP_SECTION, url, local=True)
    assert own_endpoint(local) == OWN == endpoint_of(url)


def test_the_reader_names_itself_and_refuses_names_that_change_the_pages() -> None:
    assert user_agent("https://rsj.gov.example/") == (
        "QingxinWageReader/0.1 (+https://rsj.gov.example/)"
    )
    for contact in ("https://example.com/promotion", "https://alg.example/", "bot@example.com"):
        with pytest.raises(MonitorError):
            user_agent(contact)
