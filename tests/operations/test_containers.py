"""docker-compose.yml: what is run is known exactly, as nobody in particular, and knows its secrets by files alone."""

import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose, PyOptions
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from server.config import FILE_SUFFIX, PREFIX, Settings
from tests.operations.proxy import CADDYFILE, caddy_version

ROOT = Path(__file__).parents[2]
WRITTEN = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(WRITTEN)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SERVERS = [name for name in SERVICES if name.startswith("server-")]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
BUILT = {name: service["image"] for name, service in SERVICES.items() if "build" in service}
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
EXACT = re.compile(r"[a-z0-9./-]+:\d+\.\d+(\.\d+)?(-[a-z0-9]+)*")

every_service = pytest.mark.parametrize("name", SERVICES)


def images() -> Iterator[str]:
    """Every image that is fetched."""
    yield from re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    yield from (service["image"] for service in SERVICES.values() if service["image"] not in BUILT.values())


def stages() -> dict[str, str]:
    """Each stage of the Dockerfile, by its name."""
    parts = re.split(r"^FROM \S+ AS (\S+)$", DOCKERFILE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def seconds(written: str) -> int:
    return int(written[:-1]) * {"s": 1, "m": 60}[written[-1]]


SITE = re.compile(r"\$\{SITE:\?[^}]*\}")


def understood(written: str) -> PyCompose:
    """As Docker reads it; raises ValueError."""
    reading = PyOptions()
    reading.apply_merge = True
    found = reading.from_yaml(SITE.sub("draft.example.org", written))
    found.validate()
    return found


def test_it_is_what_the_specification_of_compose_allows() -> None:
    assert set(understood(WRITTEN).service_names()) == SERVICES.keys()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("read_only: true", "read_onyl: true"),
        ("start_interval: 1s", "start_interval: soon"),
        ("networks: [front, back]", "networks: [front, bakc]"),
        ("secrets: [postgres_password]", "secrets: [postgres_passwrd]"),
        ("condition: service_healthy", "condition: healthy"),
        ("memory: 2g", "memory: a lot"),
    ],
)
def test_what_docker_would_refuse_is_refused_here(right: str, wrong: str) -> None:
    assert right in WRITTEN
    with pytest.raises(ValueError, match=r".+"):
        understood(WRITTEN.replace(right, wrong))


def test_docker_understands_it() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("no docker compose on this machine: the rules above and below hold it alone")
    environment = {"PATH": str(Path(docker).parent), "SITE": "draft.example.org"}
    done = subprocess.run(
        [docker, "compose", "--file", str(ROOT / "docker-compose.yml"), "config", "--quiet"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_c2_there_are_three_servers_that_differ_in_nothing() -> None:
    assert len(SERVERS) == 3
    assert all(as_it_runs(SERVICES[name]) == as_it_runs(SERVICES[SERVERS[0]]) for name in SERVERS)
    assert SERVICES["proxy"]["environment"]["UPSTREAMS"].split() == [f"{name}:8000" for name in SERVERS]


def as_it_runs(service: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in service.items() if key not in ("build", "pull_policy")}


def test_an_image_of_our_own_is_built_by_one_service_and_fetched_by_none() -> None:
    """Builds beside each other that export one name fail: `image … already exists`."""
    assert sorted(BUILT.values()) == ["rollingtext-proxy:0.1.0", "rollingtext:0.1.0"]
    for name, service in SERVICES.items():
        if name not in BUILT and service["image"] in BUILT.values():
            assert service["pull_policy"] == "never", f"{name} asks others for an image that is only here"


def test_every_command_that_is_written_down_knows_the_site() -> None:
    """Compose reads all of it for any command and refuses it without SITE: that stands in a file, not before one."""
    for written in (WRITTEN, OPERATIONS):
        first = written.index("docker compose ")
        assert "echo SITE=draft.example.org > .env" in written[:first]
        assert not re.search(r"SITE=\S+ docker compose", written)
    assert "/.env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("image", [*images()])
def test_images_are_pinned_to_a_version(image: str) -> None:
    assert EXACT.fullmatch(image), image


def test_the_proxy_that_runs_is_the_one_that_is_tested() -> None:
    assert f"FROM caddy:{caddy_version()}-alpine AS proxy" in DOCKERFILE
    assert f"COPY {CADDYFILE.relative_to(ROOT)} /etc/caddy/Caddyfile" in DOCKERFILE


def test_modules_are_compiled_in_the_image_for_it_can_write_none() -> None:
    assert SERVICES[SERVERS[0]]["read_only"] is True
    assert re.search(r"^RUN uv pip install .*--compile-bytecode", stages()["environment"], re.MULTILINE)
    assert re.search(r"^RUN python -m compileall ", stages()["server"], re.MULTILINE), "those that come with Python"


@every_service
def test_nobody_is_root_and_nothing_can_be_written_but_what_is_meant_to(name: str) -> None:
    service = SERVICES[name]
    user, group = service["user"].split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all({"size", "mode", "noexec", "nosuid", "nodev"} <= options(place) for place in service["tmpfs"])
    assert not [volume for volume in service.get("volumes", []) if volume.startswith(("/", "."))], "a place of the host"


def options(tmpfs: str) -> set[str]:
    return {option.partition("=")[0] for option in tmpfs.partition(":")[2].split(",")}


def test_images_of_our_own_are_run_by_who_they_are_made_for() -> None:
    for name, target in (("proxy", "proxy"), ("server-1", "server")):
        assert SERVICES[name]["build"]["target"] == target
        assert f"\nUSER {SERVICES[name]['user']}\n" in stages()[target]


@every_service
def test_everything_is_looked_at_bounded_and_started_again(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"].keys() >= {"test", "interval", "timeout", "retries", "start_period"}
    assert service["deploy"]["resources"]["limits"].keys() >= {"cpus", "memory", "pids"}
    assert service["restart"] == "unless-stopped"
    assert service["logging"]["options"].keys() >= {"max-size", "max-file"}


def test_c3_every_setting_is_known() -> None:
    for name in SERVERS:
        for setting in SERVICES[name]["environment"]:
            assert setting.startswith(PREFIX), setting
            assert setting.removeprefix(PREFIX).removesuffix(FILE_SUFFIX).lower() in Settings.model_fields


@every_service
def test_secrets_are_files_that_are_handed_to_who_needs_them(name: str) -> None:
    service = SERVICES[name]
    for setting, value in service.get("environment", {}).items():
        secret = re.search(r"PASSWORD|TOKEN|KEY|DATABASE|REDIS|SECRET", setting)
        if setting.endswith(FILE_SUFFIX):
            assert Path(value).name in service["secrets"]
            assert value.startswith("/run/secrets/")
        else:
            assert not secret, f"{setting} stands in the environment"


def test_secrets_are_made_once_and_only_their_owner_comes_to_them(secrets: Path) -> None:
    assert {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()} == {
        path.name for path in secrets.iterdir()
    }
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    read = {path.name: path.read_text(encoding="utf-8").strip() for path in secrets.iterdir()}
    assert len(read["admin_token"]) >= 32
    load_pem_private_key(read["signing_key"].encode(), None)
    assert read["database"] == f"postgresql://rollingtext:{read['postgres_password']}@postgres/rollingtext"
    assert read["redis"] == f"redis://:{read['redis_password']}@redis:6379/0"
    assert f"requirepass {read['redis_password']}" in read["redis_conf"]
    subprocess.run([str(ROOT / "deploy" / "make-secrets"), str(secrets)], check=True, capture_output=True)
    assert read == {path.name: path.read_text(encoding="utf-8").strip() for path in secrets.iterdir()}


def test_only_the_proxy_is_reached_from_outside_and_the_database_by_servers_alone() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert {name for name, network in COMPOSE["networks"].items() if network.get("internal")} == {"front", "back"}
    reach = {name: set(service["networks"]) for name, service in SERVICES.items()}
    assert reach == {
        "proxy": {"outside", "front"},
        **{name: {"front", "back"} for name in SERVERS},
        "postgres": {"back"},
        "redis": {"back"},
    }
    (pool,) = COMPOSE["networks"]["front"]["ipam"]["config"]
    assert SERVICES["server-1"]["environment"]["ROLLINGTEXT_TRUSTED_PROXIES"] == pool["subnet"]


def test_servers_have_the_time_that_they_need_to_end() -> None:
    assert all(seconds(SERVICES[name]["stop_grace_period"]) > 5 for name in SERVERS)
    assert seconds(SERVICES["postgres"]["stop_grace_period"]) >= 60
