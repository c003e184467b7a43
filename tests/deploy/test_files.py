"""What is in deploy/: nothing listens where it was not asked to, nothing runs as root, no secret is written down."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from sayso.workspace.configuration import OPTIONS, STOP_SECONDS

DEPLOY = Path(__file__).parents[2] / "deploy"
FILES = ("compose.yaml", "Dockerfile", "sayso.service")


@pytest.fixture
def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def unit() -> list[tuple[str, str]]:
    """Lines of the systemd unit, as key and value; a key may come twice."""
    text = (DEPLOY / "sayso.service").read_text("utf-8")
    lines = [line for line in text.splitlines() if re.match(r"[A-Z]\w+=", line)]
    return [(line.partition("=")[0], line.partition("=")[2]) for line in lines]


def test_ports_are_published_to_this_computer_alone(compose: dict[str, Any]):
    ports = [port for one in compose["services"].values() for port in one.get("ports", [])]
    assert ports == ["127.0.0.1:8080:8080"]
    assert compose["networks"]["back"]["internal"] is True
    assert compose["services"]["database"]["networks"] == ["back"]


def test_every_container_is_read_only_drops_its_rights_and_is_looked_at(compose: dict[str, Any]):
    for one in compose["services"].values():
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert one["healthcheck"]["test"]
        assert one["pids_limit"] <= 200
    server = compose["services"]["server"]
    assert server["user"] == "10001:10001"
    assert "cap_add" not in server
    assert "/readyz" in server["healthcheck"]["test"][-1]
    assert server["depends_on"]["database"]["condition"] == "service_healthy"


def test_secrets_come_as_files_and_every_one_that_is_named_is_there(compose: dict[str, Any]):
    named = {name for one in compose["services"].values() for name in one["secrets"]}
    assert named == set(compose["secrets"])
    variables = [
        (name, value)
        for one in compose["services"].values()
        for name, value in one["environment"].items()
    ]
    for name, value in variables:
        assert name not in ("SAYSO_ACCESS_KEY", "SAYSO_DATABASE", "POSTGRES_PASSWORD")
        if name.endswith("_FILE"):
            assert value.removeprefix("/run/secrets/") in named
    kept = {path.name for path in (DEPLOY / "secrets").iterdir()}
    assert ".gitignore" in kept
    assert (DEPLOY / "secrets" / ".gitignore").read_text("utf-8").startswith("*\n")


def test_whoever_stops_it_waits_longer_than_the_server_takes(compose: dict[str, Any]):
    server = compose["services"]["server"]
    grace = int(server["stop_grace_period"].removesuffix("s"))
    assert grace > int(server["environment"]["SAYSO_STOP_SECONDS"]) >= STOP_SECONDS
    assert int(dict(unit())["TimeoutStopSec"]) > STOP_SECONDS


@pytest.mark.parametrize("name", FILES)
def test_every_variable_is_one_that_the_server_reads(name: str):
    used = set(re.findall(r"SAYSO_[A-Z_]+[A-Z]", (DEPLOY / name).read_text("utf-8")))
    assert used
    assert used <= {option.variable for option in OPTIONS}


def test_the_image_runs_as_nobody_special_from_locked_versions():
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    last = text.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (.+)$", last, re.MULTILINE) == ["10001:10001"]
    assert "uv sync --frozen --no-dev" in text
    assert ":latest" not in text
    assert "HEALTHCHECK" in last
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert allowed[0] == "*"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_reads_the_unit_and_finds_little_exposed(tmp_path: Path):
    # The program is not installed where the unit looks for it; any other will do here.
    text = (DEPLOY / "sayso.service").read_text("utf-8")
    here = tmp_path / "sayso.service"
    here.write_text(text.replace("/opt/sayso/bin/sayso", "/bin/true"), "utf-8")
    found = subprocess.run(
        ["systemd-analyze", "verify", str(here)], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")
    words = ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(here)]
    exposed = subprocess.run(words, capture_output=True, text=True, check=False)
    assert exposed.returncode == 0, exposed.stdout[-200:]


def test_the_unit_gives_up_every_right_and_says_it_once():
    found = unit()
    keys = [key for key, _ in found]
    assert {key for key in keys if keys.count(key) > 1} <= {"SystemCallFilter"}
    said = dict(found)
    assert (said["NoNewPrivileges"], said["ProtectSystem"], said["DynamicUser"]) == (
        "yes",
        "strict",
        "yes",
    )
    assert said["CapabilityBoundingSet"] == ""
    assert said["KillSignal"] == "SIGTERM"
