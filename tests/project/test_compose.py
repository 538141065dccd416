"""The production files: docker-compose.yml against the Compose Specification, and their promises.

`compose_spec/` holds the specification's JSON schema with its licence (Apache-2.0).
"""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from jsonschema import Draft202012Validator

from project.environment.limits import beside_broker

CHECKOUT = Path(__file__).resolve().parents[2]
RUNNING = ["web", "worker", "delivery", "beat"]
SCHEMA = Path(__file__).parent / "compose_spec" / "compose-spec.json"
OWN = ["web", "worker", "delivery", "beat", "migrate"]
VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?P<rule>:[-?][^}]*)?\}")


@pytest.fixture(scope="module")
def written() -> str:
    return (CHECKOUT / "docker-compose.yml").read_text()


@pytest.fixture(scope="module")
def compose(written: str) -> dict[str, Any]:
    return yaml.safe_load(written)


def problems_of(document: dict[str, Any]) -> list[str]:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text()))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def test_the_file_keeps_the_compose_specification(compose: dict[str, Any]) -> None:
    assert problems_of(compose) == []


def test_the_schema_would_notice_a_wrong_file(compose: dict[str, Any]) -> None:
    wrong = compose | {"services": compose["services"] | {"web": {"imagee": "x"}}}

    assert problems_of(wrong) != []


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "POSTGRES_PASSWORD",
        "POSTGRES_APP_PASSWORD",
        "BROKER_PASSWORD",
        "SITE_ADDRESS",
    ],
)
def test_it_does_not_start_without_what_only_the_host_can_know(written: str, name: str) -> None:
    rules = [match["rule"] for match in VARIABLE.finditer(written) if match["name"] == name]

    assert any(rule and rule.startswith(":?set ") for rule in rules)
    assert not any(rule and rule.startswith(":-") for rule in rules)


def test_every_variable_it_needs_is_in_the_example(written: str) -> None:
    needed = {match["name"] for match in VARIABLE.finditer(written) if not match["rule"]} | {
        match["name"]
        for match in VARIABLE.finditer(written)
        if (match["rule"] or "").startswith(":?")
    }

    example = set(re.findall(r"^([A-Z_]+)=", (CHECKOUT / ".env.example").read_text(), re.MULTILINE))

    assert needed <= example


def test_only_the_proxy_is_reached_from_outside(compose: dict[str, Any]) -> None:
    services = compose["services"]

    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_only_the_proxy_and_web_are_on_the_network_whose_headers_web_believes(
    compose: dict[str, Any],
) -> None:
    services = compose["services"]

    members = {name for name, service in services.items() if "front" in service["networks"]}
    subnet = compose["networks"]["front"]["ipam"]["config"][0]["subnet"]

    assert members == {"proxy", "web"}
    assert services["web"]["environment"]["TRUSTED_PROXIES"] == subnet


@pytest.mark.parametrize("name", ["proxy", *RUNNING, "postgres", "valkey"])
def test_what_keeps_running_is_watched(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]

    assert "healthcheck" in service
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", RUNNING)
def test_nothing_of_ours_starts_before_the_migrations_are_done(
    compose: dict[str, Any], name: str
) -> None:
    waits = compose["services"][name]["depends_on"]

    assert waits["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", OWN)
def test_our_containers_run_in_production_mode_with_few_powers(
    compose: dict[str, Any], name: str
) -> None:
    service = compose["services"][name]

    assert service["environment"]["IMPRIMATUR_ENV"] == "production"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_image_does_not_run_as_root() -> None:
    users = re.findall(r"^USER (\S+)", (CHECKOUT / "Dockerfile").read_text(), re.MULTILINE)

    assert users == ["imprimatur"]


def test_worker_and_web_share_the_release_files(compose: dict[str, Any]) -> None:
    web, worker, beat = (compose["services"][name] for name in ("web", "worker", "beat"))

    assert web["volumes"] == worker["volumes"] == beat["volumes"] == ["files:/data"]
    assert web["environment"]["DATA_DIR"] == worker["environment"]["DATA_DIR"] == "/data"


@pytest.mark.parametrize("name", ["proxy", *OWN, "postgres", "valkey"])
def test_every_container_has_bounds(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]

    assert re.fullmatch(r"(\$\{[A-Z_]+:-)?\d+[gm]\}?", service["mem_limit"])
    assert 0 < service["pids_limit"] <= 400


def test_only_migrate_knows_the_owner_of_the_tables(compose: dict[str, Any]) -> None:
    services = compose["services"]
    knowing = {
        name
        for name, service in services.items()
        if "POSTGRES_PASSWORD}" in str(service) or "POSTGRES_PASSWORD:" in str(service)
    }

    assert knowing == {"migrate", "postgres"}
    assert "DATABASE_OWNER_URL" in services["migrate"]["environment"]
    for name in OWN:
        address = services[name]["environment"]["DATABASE_URL"]
        assert address.startswith("postgres://imprimatur_app:${POSTGRES_APP_PASSWORD")


def test_the_broker_asks_for_a_password_and_all_have_it(compose: dict[str, Any]) -> None:
    valkey = compose["services"]["valkey"]

    assert valkey["command"][-2:] == ["--requirepass", "${BROKER_PASSWORD}"]
    assert "PONG" in valkey["healthcheck"]["test"][1]  # it answers NOAUTH with the exit code 0
    for name in OWN:
        address = compose["services"][name]["environment"]["BROKER_URL"]
        assert address.startswith("redis://:${BROKER_PASSWORD")
    assert beside_broker("redis://:secret@valkey:6379/0") == "redis://:secret@valkey:6379/1"


def test_every_image_can_be_pinned_by_its_digest(compose: dict[str, Any], tmp_path: Path) -> None:
    images = {
        match["name"]: match["rule"].removeprefix(":-")
        for service in compose["services"].values()
        for written in (
            service.get("image", ""),
            *service.get("build", {}).get("args", {}).values(),
        )
        if (match := VARIABLE.fullmatch(written))
    }
    docker = tmp_path / "docker"
    docker.write_text('#!/bin/sh\n[ "$1" = pull ] || echo "${5%:*}@sha256:$(printf %064d 7)"\n')
    docker.chmod(0o755)

    printed = subprocess.run(
        [CHECKOUT / "deploy" / "pin-images"],
        env={"PATH": f"{tmp_path}:{os.defpath}"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    digest = f"@sha256:{7:064}"
    expected = {name: image + digest for name, image in images.items()}
    assert dict(line.split("=", 1) for line in printed.splitlines()) == expected
    assert len(expected) == 4


def test_each_queue_has_a_worker_of_its_own(compose: dict[str, Any]) -> None:
    taken = {
        name: {part.partition("=")[2] for part in service["command"] if "--queues=" in part}
        for name, service in compose["services"].items()
        if "worker" in service.get("command", ())
    }

    assert taken == {"worker": {"jobs"}, "delivery": {"delivery"}}
    assert {queue.name for queue in settings.CELERY_TASK_QUEUES} == {"jobs", "delivery"}


def test_every_named_volume_and_mounted_file_is_there(compose: dict[str, Any]) -> None:
    mounted = [m for service in compose["services"].values() for m in service.get("volumes", [])]
    origins = {mount.split(":")[0] for mount in mounted}

    files = {origin for origin in origins if origin.startswith("./")}

    assert origins - files == set(compose["volumes"])
    assert all((CHECKOUT / file).is_file() for file in files)


def test_the_image_holds_all_that_its_commands_need() -> None:
    kept = {
        line.removeprefix("!")
        for line in (CHECKOUT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }

    assert {
        "annotations",
        "project",
        "templates",
        "seeds",
        "manage.py",
        "requirements.lock",
    } <= kept
    assert all((CHECKOUT / name).exists() for name in kept)
