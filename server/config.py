"""Settings: from the command line, else the environment (`ROLLINGTEXT_<NAME>`), else a default (C2, C3)."""

import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, InitSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "ROLLINGTEXT_"
FILE_SUFFIX = "_FILE"


class SettingsError(Exception):
    """The settings do not make sense; the message is written for the person who starts the server."""


class Settings(BaseSettings):
    """Everything that can be configured. Fields are documented in docs/configuration.md."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)  # 0: any free one
    database: str = ""  # "": sqlite in the data directory
    redis: str = ""  # "": one process
    workers: int = Field(default=1, ge=1, le=64)  # processes that this start makes
    data_dir: Path = Path("data")
    public_url: str = ""  # "": http://host:port
    admin_token: SecretStr | None = None
    signing_key: SecretStr | None = None  # PEM; none: made in the data directory
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()  # beside the server's own; comma-separated
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()  # addresses whose X-Forwarded-* count
    max_connections: int = Field(default=10_000, ge=16)  # of this process
    max_sockets_per_address: int = Field(default=3_000, ge=1)  # a delegation's building is one address
    max_sockets_per_participant: int = Field(default=1_500, ge=1)  # projectors and scripts share a sign-in
    demo: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("allowed_origins", "trusted_proxies", mode="before")
    @classmethod
    def _parted(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("allowed_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            parts = urlsplit(origin)
            if (
                parts.scheme not in ("http", "https")
                or not parts.netloc
                or f"{parts.scheme}://{parts.netloc}" != origin
            ):
                raise ValueError(f"{origin!r} is no origin; write it like https://draft.example.org, without a path")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in value:
            ip_network(proxy, strict=False)
        return value

    @field_validator("database")
    @classmethod
    def _database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("a database is written sqlite:///FILE or postgresql://USER@HOST/NAME")
        return value

    @field_validator("redis")
    @classmethod
    def _redis(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("Redis is written redis://HOST:PORT/0, rediss://… or unix://PATH")
        return value

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("the public URL begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("admin_token")
    @classmethod
    def _admin_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value():
            return None  # set to nothing: not set
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("the admin token has at least 32 characters (C3)")
        return value

    @field_validator("signing_key")
    @classmethod
    def _signing_key(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value is not None and value.get_secret_value() else None  # set to nothing: not set

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data_dir / 'rollingtext.db'}"

    @property
    def base_url(self) -> str:
        """Where people find this server; links are made with it."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, InitSettingsSource(settings_cls, _from_files(os.environ))


def load(**given: object) -> Settings:
    """The settings of this start; `given` are command-line options, of which None means "not given".

    Raises SettingsError with one sentence per fault.
    """
    _refuse_unknown(os.environ)
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        raise SettingsError("; ".join(_sentence(fault["loc"], fault["msg"]) for fault in error.errors())) from None


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    return f"{PREFIX}{str(place[0]).upper()}: {message.removeprefix('Value error, ')}"


def _names() -> set[str]:
    return {PREFIX + name.upper() for name in Settings.model_fields}


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    names = _names()
    for key in sorted(environment):
        if not key.startswith(PREFIX) or key in names:
            continue
        plain = key.removesuffix(FILE_SUFFIX)
        if plain == key or plain not in names:
            raise SettingsError(f"{key} is no setting; the settings are {', '.join(sorted(names))}")
        if plain in environment:
            raise SettingsError(f"both {plain} and {key} are set; keep one")


def _from_files(environment: Mapping[str, str]) -> dict[str, object]:
    """What `…_FILE` variables name, so that secrets need not stand in the environment."""
    found: dict[str, object] = {}
    for name in Settings.model_fields:
        path = environment.get(PREFIX + name.upper() + FILE_SUFFIX)
        if path is None:
            continue
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{PREFIX}{name.upper()}{FILE_SUFFIX}: cannot read {path}: {error}") from None
    return found
