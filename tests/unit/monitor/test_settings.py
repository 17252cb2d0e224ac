"""People's mistakes in the settings: all named at once, each with a code and a cure."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from monitor.errors import SettingsError
from monitor.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = (ROOT / "settings.toml").read_text("utf-8")


def problems_of(folder: Path, text: str) -> dict[str, str]:
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    for problem in caught.value.problems:
        assert problem.cure
    return {f"{each.code} {each.where}": each.message for each in caught.value.problems}


def test_the_shipped_settings_are_good() -> None:
    assert load_settings(ROOT / "settings.toml").sample.enabled


def test_ten_mistakes_are_named_in_one_sitting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_CASSES__SAME_TEXT_AT", "0.5")
    text = (
        SHIPPED.replace("[log]", "[logg]")
        .replace("same_text_at = 0.7", "same_text_at = 7")
        .replace("port = 18931", "prot = 18931")
        .replace('role_late_after = "PT2M"', 'role_late_after = "soon"')
        .replace("raised_at = 3 ", "raised_at = 8 ")
        .replace('duty = "officer" },', 'duty = "porter" },', 1)
    )
    text += '\n[channels.group]\nkind = "wecom_bot"\nurl = "https://x.example/?key=abc"\n'
    text += '\n[channels.pigeon]\nkind = "pigeon"\n'
    found = problems_of(tmp_path, text)
    codes = sorted(each.split()[0] for each in found)
    assert codes.count("M101") == 2, "logg and prot"
    assert codes.count("M102") == 2, "log and desk.port"
    assert codes.count("M103") == 5, found
    assert codes.count("M106") == 1
    assert codes.count("M107") == 1
    assert "abc" not in str(found), "a secret is never repeated"


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / "none.toml")
    assert [each.code for each in caught.value.problems] == ["M104"]


def test_a_file_that_is_not_toml_names_the_line(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, "[data\n").items()
    assert found[0].startswith("M105")
    assert "line 1" in found[1]


def test_a_file_in_another_encoding_is_said(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes("# 清薪\n".encode("gb18030"))
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert caught.value.problems[0].code == "M104"


def test_the_environment_is_above_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_DESK__PORT", "9000")
    monkeypatch.setenv("MONITOR_CHANNELS__BOT__KIND", "wecom_bot")
    monkeypatch.setenv("MONITOR_CHANNELS__BOT__URL", "https://x.example/?key=abc")
    settings = load_settings(ROOT / "settings.toml")
    assert settings.desk.port == 9000
    assert "abc" not in repr(settings)
    assert set(settings.channels) == {"terminal", "bot"}


def test_relative_paths_start_at_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(SHIPPED, "utf-8")
    settings = load_settings(tmp_path / "settings.toml")
    assert settings.data.folder == tmp_path / "data"
    assert settings.database.address.get_secret_value() == f"sqlite:///{tmp_path}/data/qingxin.db"


def test_every_knob_stands_in_the_shipped_file() -> None:
    written = tomllib.loads(SHIPPED)
    secrets = {"desk.secret", "health.ping_url"}
    assert missing_knobs(Settings, written, "") == secrets, "only secrets may be missing"


def missing_knobs(model: type[BaseModel], written: dict[str, Any], where: str) -> set[str]:
    missing = set()
    for name, field in model.model_fields.items():
        if name not in written:
            missing.add(where + name)
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            missing |= missing_knobs(field.annotation, written[name], f"{where}{name}.")
    return missing
