"""deploy/: what its files name is there, and the two services are locked alike."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from bot.cli import app
from bot.monitor.health import serve_monitor
from bot.settings import BotSettings
from index.settings import SECTIONS
from tests.index.test_settings import section
from tests.support.paths import ROOT

DEPLOY = ROOT / "deploy"
UNITS = ("quotewire.service", "quotewire-index.service")


def unit(name: str) -> list[tuple[str, str]]:
    """The keys and values of a unit, in their order; some stand there several times."""
    pairs = [line.partition("=") for line in (DEPLOY / name).read_text().splitlines() if re.match(r"\w+=", line)]
    return [(key, value) for key, _, value in pairs]


def texts() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in DEPLOY.iterdir() if path.is_file() and path.name != "token"}


def test_every_variable_is_a_setting() -> None:
    known = {f"QUOTEWIRE_{name}_{key}".upper() for name in SECTIONS for key in section(name).model_fields}
    named = {variable for text in texts().values() for variable in re.findall(r"QUOTEWIRE_[A-Z_]+", text)}
    assert len(named) > 5
    assert named - known - {"QUOTEWIRE_SECTION_KEY"} == set()
    others = {variable for text in texts().values() for variable in re.findall(r"TELEGRAM_[A-Z_]+", text)}
    assert others == {"TELEGRAM_BOT_TOKEN_FILE"}
    assert all(name in (ROOT / "bot" / "settings.py").read_text() for name in others)


def test_the_settings_that_it_makes_are_valid(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for line in (DEPLOY / "quotewire.env").read_text().splitlines():
        if match := re.fullmatch(r"(?:# )?(QUOTEWIRE_\w+)=(.*)", line):
            monkeypatch.setenv(*match.groups())
    for name in SECTIONS:
        section(name).load()
    settings = BotSettings.load()
    assert (settings.state, settings.admins) == (Path("/var/lib/quotewire/state"), [123456789])


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_runs_a_command_that_there_is(name: str) -> None:
    service = dict(unit(name))
    program, *words = service["ExecStart"].split()
    assert program == "/opt/quotewire/.venv/bin/quotewire"
    assert "quotewire" in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert words[0] in get_command(app).commands  # type: ignore[attr-defined]
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"
    assert service["EnvironmentFile"] in texts()["README.md"]


def test_when_the_bot_is_not_started_again() -> None:
    from index import errors

    service = dict(unit("quotewire.service"))
    assert (service["Type"], service["Restart"]) == ("notify", "on-failure")
    codes = {int(code) for code in service["RestartPreventExitStatus"].split()}
    assert codes == {2, 4}
    assert errors.ConfigError.exit_code in codes
    assert errors.QuotewireError.exit_code not in codes
    assert (service["RestartSec"], service["StartLimitIntervalSec"]) == ("15", "0")  # else it is not given up


def hardening(name: str) -> list[tuple[str, str]]:
    pairs = unit(name)
    start = next(number for number, (key, _) in enumerate(pairs) if key == "NoNewPrivileges")
    return [pair for pair in pairs[start:] if pair[0] != "WantedBy"]


def test_both_services_are_locked_alike() -> None:
    first, second = (hardening(name) for name in UNITS)
    assert first == second
    assert {("ProtectSystem", "strict"), ("CapabilityBoundingSet", ""), ("PrivateUsers", "yes")} <= set(first)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for path in [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]:
        text = path.read_text().replace("/opt/quotewire/.venv/bin/quotewire", "/bin/true")
        (tmp_path / path.name).write_text(text.replace("EnvironmentFile=", "EnvironmentFile=-"))
    command = ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert [line for line in run.stderr.splitlines() if str(tmp_path) in line or "quotewire" in line] == []


def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


@pytest.mark.parametrize("name", ["bot", "index"])
def test_a_container_is_locked(name: str) -> None:
    service = compose()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp"]
    assert service["restart"] == "unless-stopped"  # also after the machine was
    assert "privileged" not in service
    assert "ports" not in service


def test_what_compose_names_is_there() -> None:
    whole = compose()
    for service in whole["services"].values():
        context = (DEPLOY / service["build"]["context"]).resolve()
        assert (context, (context / service["build"]["dockerfile"]).is_file()) == (ROOT, True)
        assert {volume.split(":")[0] for volume in service["volumes"]} == set(whole["volumes"])
        assert service.get("command", ["bot"])[0] in get_command(app).commands  # type: ignore[attr-defined]
    token = whole["services"]["bot"]
    assert token["environment"]["TELEGRAM_BOT_TOKEN_FILE"] == f"/run/secrets/{token['secrets'][0]}"
    assert "deploy/token" in (ROOT / ".gitignore").read_text().splitlines()


def dockerfile() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", "")
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in text.splitlines() if line]


def test_the_image_has_all_that_is_installed() -> None:
    copies = [rest.split()[:-1] for command, rest in dockerfile() if command == "COPY" and "--from" not in rest]
    copied = {word for words in copies for word in words}
    assert all((ROOT / word).exists() for word in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert {package.split(".")[0] for package in project["tool"]["setuptools"]["packages"]} <= copied
    assert {project["project"]["readme"], "pyproject.toml", "constraints.txt"} <= copied
    sent = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")}
    assert sent == copied


INSTALLS = [
    "install --no-deps --constraint constraints.txt --index-url https://download.pytorch.org/whl/cpu torch",
    "install --require-hashes --no-deps --requirement requirements.lock",
    "install --no-deps --no-build-isolation .",
    "check",
]


def test_both_ways_install_by_hashes_and_then_check() -> None:
    steps = [step for command, rest in dockerfile() if command == "RUN" for step in rest.split("&&")]
    lines = re.sub(r" +#.*", "", texts()["README.md"]).splitlines()
    for commands in (steps, lines):
        called = [re.sub(r"--no-cache-dir ", "", text).partition("bin/pip ")[2].split() for text in commands]
        assert [" ".join(words) for words in called if words] == INSTALLS


def test_where_the_image_writes_is_where_compose_mounts() -> None:
    mounted = {volume.split(":")[1] for volume in compose()["services"]["bot"]["volumes"]}
    last = dict(dockerfile())  # of several RUN the one that makes the user
    assert set(re.findall(r"/srv/\w+", last["RUN"])) == set(re.findall(r"/srv/\w+", last["ENV"])) == mounted


def test_the_image_runs_the_bot_as_nobody_special() -> None:
    commands = dict(dockerfile())
    assert commands["USER"] == "quotewire"
    assert json.loads(commands["ENTRYPOINT"]) == ["quotewire"]
    assert json.loads(commands["CMD"]) == ["bot"]
    assert [command for command, _ in dockerfile()].index("USER") > [c for c, _ in dockerfile()].index("ENV")


@pytest.mark.parametrize(("reasons", "code"), [([], 0), (["something"], 1)])
def test_the_health_check(reasons: list[str], code: int) -> None:
    """The image's own command, against the real server."""
    words = json.loads(dict(dockerfile())["HEALTHCHECK"].split("CMD ")[1])
    assert BotSettings().monitor in words[-1]

    async def check() -> int:
        server = serve_monitor("127.0.0.1:0", lambda: reasons, bytes)
        assert server
        [listening] = server._sockets.values()
        script = words[-1].replace(BotSettings().monitor, f"127.0.0.1:{listening.getsockname()[1]}")
        command = [sys.executable, words[1], script]
        run = await asyncio.create_subprocess_exec(*command, stderr=subprocess.DEVNULL)
        found = await run.wait()
        server.stop()
        return int(found)

    assert asyncio.run(check()) == code


def test_the_readme_names_files_that_are_there() -> None:
    readme = texts()["README.md"]
    for path in set(re.findall(r"deploy/[\w.*-]+", readme)) - {"deploy/token"}:
        assert list(ROOT.glob(path)), path
