"""Settings (C2, C3)."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from server.config import PREFIX, Settings, SettingsError, load


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)


def test_c2_the_default_database_is_a_file_in_the_data_directory() -> None:
    assert load(data_dir=Path("/srv/text")).database_url == "sqlite:////srv/text/rollingtext.db"
    assert load(database="postgresql://a@b/c").database_url == "postgresql://a@b/c"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_c3_every_setting_is_an_environment_variable(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, tuple[str, object]] = {
        "host": ("0.0.0.0", "0.0.0.0"),
        "database": ("sqlite:///x.db", "sqlite:///x.db"),
        "redis": ("redis://h:1/0", "redis://h:1/0"),
        "data_dir": ("/srv", Path("/srv")),
        "public_url": ("https://d.example.org/", "https://d.example.org"),
        "admin_token": ("t" * 32, SecretStr("t" * 32)),
        "signing_key": ("a key in PEM", SecretStr("a key in PEM")),
        "allowed_origins": ("https://a.org, http://b.org:8000", ("https://a.org", "http://b.org:8000")),
        "trusted_proxies": ("10.0.0.1,10.0.0.2", ("10.0.0.1", "10.0.0.2")),
        "demo": ("true", True),
        "log_level": ("debug", "debug"),
    }
    written, meant = given.get(name, ("17", 17))  # the others are numbers
    monkeypatch.setenv(PREFIX + name.upper(), written)
    assert getattr(load(), name) == meant


def test_c3_a_secret_can_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "token"
    secret.write_text("s" * 40 + "\n")
    monkeypatch.setenv("ROLLINGTEXT_ADMIN_TOKEN_FILE", str(secret))
    token = load().admin_token
    assert token is not None
    assert token.get_secret_value() == "s" * 40


def test_an_option_counts_more_than_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLINGTEXT_PORT", "9000")
    assert load(port=9001).port == 9001
    assert load(port=None).port == 9000


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"ROLLINGTEXT_PROT": "1"}, "ROLLINGTEXT_PROT is no setting"),
        ({"ROLLINGTEXT_PROT_FILE": "/x"}, "ROLLINGTEXT_PROT_FILE is no setting"),
        ({"ROLLINGTEXT_PORT": "1", "ROLLINGTEXT_PORT_FILE": "/x"}, "keep one"),
        ({"ROLLINGTEXT_ADMIN_TOKEN_FILE": "/nowhere"}, "cannot read /nowhere"),
        ({"ROLLINGTEXT_ADMIN_TOKEN": "short"}, "ROLLINGTEXT_ADMIN_TOKEN: .*32 characters"),
        ({"ROLLINGTEXT_PORT": "seventy"}, "ROLLINGTEXT_PORT: "),
        ({"ROLLINGTEXT_PORT": "70000"}, "ROLLINGTEXT_PORT: "),
        ({"ROLLINGTEXT_DATABASE": "mysql://x"}, "ROLLINGTEXT_DATABASE: a database is written"),
        ({"ROLLINGTEXT_REDIS": "http://x"}, "ROLLINGTEXT_REDIS: Redis is written"),
        ({"ROLLINGTEXT_PUBLIC_URL": "example.org"}, "ROLLINGTEXT_PUBLIC_URL: "),
        ({"ROLLINGTEXT_ALLOWED_ORIGINS": "https://a.org/path"}, "ROLLINGTEXT_ALLOWED_ORIGINS: .*without a path"),
        ({"ROLLINGTEXT_LOG_LEVEL": "loud"}, "ROLLINGTEXT_LOG_LEVEL: "),
    ],
)
def test_c3_what_makes_no_sense_stops_the_start(
    variables: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=said):
        load()


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLINGTEXT_ADMIN_TOKEN", "t" * 32)
    assert "tttt" not in repr(load())
