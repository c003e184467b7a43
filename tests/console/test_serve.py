"""``sayso serve``: this computer alone, unless a key keeps others out; and a quiet end."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from sayso.cli.main import run
from sayso.domain.errors import AccessKeyTooShort, AddressRefused, PortUnavailable, WorkspaceMissing
from sayso.workspace.serve import is_loopback, prepared

KEY = "correct horse battery"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "sayso.example", "127.0.0.1.x"])
def test_an_address_that_others_reach_is_refused_without_a_key(host, tmp_path):
    with pytest.raises(AddressRefused, match="no key"):
        prepared(str(tmp_path), host=host, port=0, access_key=None)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "::1"])
def test_this_computer_needs_no_key(host):
    assert is_loopback(host)


@pytest.mark.parametrize("key", ["", "short", "eleven char"])
def test_a_key_that_could_be_guessed_is_refused(key, tmp_path):
    with pytest.raises(AccessKeyTooShort, match="guessed"):
        prepared(str(tmp_path), host="127.0.0.1", port=0, access_key=key)


def test_with_a_key_any_address_is_served(tmp_path):
    serving = prepared(str(tmp_path), host="0.0.0.0", port=0, access_key=KEY)
    with serving.listener:
        assert re.fullmatch(r"http://0\.0\.0\.0:\d+/", serving.address)


def test_a_port_in_use_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortUnavailable, match=rf"Port {port} .* in use"):
            prepared(str(tmp_path), host="127.0.0.1", port=port, access_key=None)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70000), ("203.0.113.7", 0)])
def test_an_address_that_is_not_ours_is_named(host, port, tmp_path):
    with pytest.raises(PortUnavailable):
        prepared(str(tmp_path), host=host, port=port, access_key=KEY)


def test_a_folder_that_is_not_there_is_named(tmp_path, capsys):
    with pytest.raises(WorkspaceMissing):
        prepared(str(tmp_path / "none"), host="127.0.0.1", port=0, access_key=None)
    assert run(["serve", "--folder", str(tmp_path / "none")]) == 2
    assert "workspace-missing" in capsys.readouterr().err


def test_it_prints_its_address_answers_and_ends_quietly_at_ctrl_c(tmp_path):
    child = subprocess.Popen(
        [str(Path(sys.executable).with_name("sayso")), "serve", "--port", "0"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert child.stdout is not None
        lines = iter(child.stdout.readline, "")
        address = next(line.strip() for line in lines if "http://" in line)
        answer = httpx.get(f"{address}who-sees-this", timeout=20)
        assert answer.status_code == 200
        assert "uvicorn" not in answer.headers.get("server", "")
        child.send_signal(signal.SIGINT)
        rest, errors = child.communicate(timeout=20)
    finally:
        child.kill()
    assert child.returncode == 0
    assert "Stopped." in rest
    assert errors == ""
