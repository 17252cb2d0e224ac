"""The benchmark of the desk asks for every page that there is, and each page answers it."""

from collections.abc import Iterator

import pytest
from litestar import Litestar, get

from benchmarks.bench_desk import Clients, find_values, measure_all, serve
from benchmarks.desk_filling import fill
from benchmarks.desk_pages import FILES, PAGES, SEARCHES, find_forgotten
from benchmarks.office import open_office
from monitor.bootstrap.app import App

CASES, DOCUMENTS = 40, 120


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, Litestar, Clients]]:
    with open_office(tmp_path_factory.mktemp("desk")) as app:
        fill(app, CASES, DOCUMENTS)
        with serve(app) as (pages, clients):
            yield app, pages, clients


def test_no_page_is_forgotten_and_none_is_named_that_is_gone(
    served: tuple[App, Litestar, Clients],
) -> None:
    assert find_forgotten(served[1]) == set()


def test_a_new_page_would_be_missed() -> None:
    @get("/fresh", sync_to_thread=False)
    def show_fresh() -> str:
        return ""

    assert find_forgotten(Litestar([show_fresh])) >= {"/fresh"}


def test_each_address_answers_with_its_page(served: tuple[App, Litestar, Clients]) -> None:
    """A redirect to the sign-in, or a refusal, would be fast and measure nothing."""
    app, _, clients = served
    found = [*measure_all(clients, find_values(app, CASES), times=1)]
    asked = sum(len(each) for each in (*PAGES.values(), *FILES.values())) + len(SEARCHES)
    assert len(found) == asked
    assert all(taken > 0 for _, taken, _, _ in found)
