"""What `run` tells supervisord to start."""

from configparser import ConfigParser
from pathlib import Path

from monitor.supervision import write_supervisor_file


def programs(folder: Path, *, browser: bool) -> dict[str, str]:
    path = write_supervisor_file(folder, folder / "settings.toml", sample=False, browser=browser)
    written = ConfigParser(interpolation=None)
    written.read(path)
    return {
        section.removeprefix("program:"): written[section]["command"]
        for section in written.sections()
        if section.startswith("program:")
    }


def test_the_browser_has_a_process_of_its_own_only_where_a_source_needs_it(tmp_path: Path) -> None:
    assert set(programs(tmp_path, browser=False)) == {"collect", "work", "desk"}
    found = programs(tmp_path, browser=True)
    assert set(found) == {"collect", "work", "desk", "browser"}
    assert " collect --browser --settings " in found["browser"]
    assert "--browser" not in found["collect"]
