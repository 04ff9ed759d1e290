import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from voxemo_scan import __version__
from voxemo_scan.cli.app import app
from voxemo_scan.cli.commands import COMMANDS
from voxemo_scan.cli.exits import run_to_exit_code
from voxemo_scan.errors import (
    AudioError,
    ExitCode,
    ManifestError,
    MissingError,
    SourceError,
    UsageError,
    VoxemoError,
)

HEAVY = {
    "torch",
    "librosa",
    "matplotlib",
    "av",
    "pydub",
    "yt_dlp",
    "pydantic",
    "ruamel",
    "onnxruntime",
    "jinja2",
}
PROGRAM = [sys.executable, "-m", "voxemo_scan"]


def run(*args: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *args], capture_output=True, text=True, check=False, env=env)


def shell(command: str) -> subprocess.CompletedProcess[str]:
    program = f'"{sys.executable}" -m voxemo_scan'
    words = ["bash", "-c", command.replace("voxemo-scan", program)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def loaded_by(code: str) -> set[str]:
    """Return the modules that are loaded once ``code`` has run in a process of its own."""
    tail = "\nimport sys; print(*sys.modules, file=sys.stderr)"
    result = subprocess.run(
        [sys.executable, "-c", code + tail], capture_output=True, text=True, check=True
    )
    return set(result.stderr.split())


def test_help_names_every_command_with_its_line() -> None:
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    listed = result.stdout.split("Commands:\n")[1].splitlines()
    assert [line.split(maxsplit=1)[0] for line in listed] == list(COMMANDS)
    assert [line.split(maxsplit=1)[1] for line in listed] == list(COMMANDS.values())


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_its_help_and_its_line(name: str) -> None:
    result = CliRunner().invoke(app, [name, "--help"])
    assert result.exit_code == 0
    assert f"Usage: voxemo-scan {name}" in result.stdout
    module = import_module(f"voxemo_scan.cli.{name}")
    docstring = module.app.info.help if hasattr(module, "app") else module.command.__doc__
    assert docstring.startswith(COMMANDS[name].rstrip("."))


def test_help_is_instant() -> None:
    took = []
    for _ in range(5):
        started = cpu_time_of_children_s()
        assert run("--help").returncode == 0
        took.append(cpu_time_of_children_s() - started)
    assert min(took) < 0.4


def cpu_time_of_children_s() -> float:
    """Return the processor time of ended child processes, which a busy machine hardly changes."""
    times = os.times()
    return times.children_user + times.children_system


def test_help_loads_nothing_heavy() -> None:
    code = """
import contextlib, sys
from voxemo_scan.cli import main
sys.argv = ["voxemo-scan", "--help"]
with contextlib.suppress(SystemExit):
    main()"""
    loaded = loaded_by(code)
    assert "voxemo_scan.cli.app" in loaded
    assert not loaded & (HEAVY | {"numpy", "rich.markdown"})


@pytest.mark.parametrize("name", COMMANDS)
def test_importing_a_command_loads_nothing_heavy(name: str) -> None:
    loaded = loaded_by(f"import voxemo_scan.cli.{name}")
    assert f"voxemo_scan.cli.{name}" in loaded
    assert not loaded & HEAVY


def test_version() -> None:
    result = run("--version")
    assert (result.returncode, result.stdout) == (0, f"voxemo-scan {__version__}\n")


def test_no_arguments_show_the_help() -> None:
    result = run()
    assert result.returncode == 2
    assert "Commands:" in result.stdout + result.stderr


def test_wrong_usage_exits_with_2() -> None:
    unknown = run("vaildate")
    assert unknown.returncode == ExitCode.USAGE
    assert "'validate'" in unknown.stderr
    assert run("validate", "--jsn", "x").returncode == ExitCode.USAGE
    assert run("--nonsense").returncode == ExitCode.USAGE


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("a"), 2),
        (ManifestError([]), 2),
        (SourceError("a"), 3),
        (AudioError("a"), 3),
        (VoxemoError("a"), 3),
        (MissingError("a"), 4),
        (OSError(28, "No space left on device", "x"), 4),
        (KeyboardInterrupt(), 130),
    ],
)
def test_each_error_has_its_exit_code(error: BaseException, code: int) -> None:
    def fail() -> None:
        raise error

    assert run_to_exit_code(fail) == code


def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        run_to_exit_code(lambda: 1 / 0)


def test_an_error_is_two_lines_and_no_traceback() -> None:
    result = run("validate", "nowhere/[x].yaml")
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "error: there is no manifest at nowhere/[x].yaml",
        "  try: `voxemo-scan init` writes a manifest to begin with",
    ]


@pytest.mark.skipif(os.name == "nt", reason="needs a FIFO and signals")
def test_an_interrupt_exits_with_130(tmp_path: Path) -> None:
    fifo = tmp_path / "m.yaml"
    os.mkfifo(fifo)
    process = subprocess.Popen([*PROGRAM, "validate", str(fifo)], stderr=subprocess.PIPE, text=True)
    with fifo.open("w"):  # opens once the program reads
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=20)
    assert (process.returncode, stderr) == (130, "interrupted\n")


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize("args", ["validate --schema", "--help", "--version"])
def test_a_closed_pipe_is_quiet(args: str) -> None:
    result = shell(f"(sleep 0.5; voxemo-scan {args}; echo $? >&2) | true")
    assert result.stderr == "141\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_told() -> None:
    result = shell("voxemo-scan validate --schema > /dev/full")
    told, remedy = result.stderr.splitlines()
    assert (result.returncode, told) == (4, "error: No space left on device")
    assert "free some disk space" in remedy
    silent = shell("voxemo-scan validate nowhere.yaml 2> /dev/full")
    assert silent.returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_closed_streams_are_no_error() -> None:
    result = shell("voxemo-scan validate --schema >&- 2>&-; echo $?")
    assert result.stdout == "0\n"


def test_a_terminal_without_accents_gets_escapes(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("scenes: [{id: a, title: Amélie, source: 'https://x.org/a'}]", encoding="utf-8")
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    table = run("validate", str(path), env=ascii_only)
    assert table.returncode == 0
    assert "Am\\xe9lie" in table.stdout
    assert '"Am\\u00e9lie"' in run("validate", str(path), "--json", env=ascii_only).stdout


def complete(words: str) -> list[str]:
    settings = {
        "_VOXEMO_SCAN_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    result = run(env={**os.environ, **settings})
    assert result.returncode == 0
    return result.stdout.split()


def test_commands_and_options_are_completed() -> None:
    assert complete("voxemo-scan v") == ["validate"]
    assert set(complete("voxemo-scan ")) == set(COMMANDS)
    assert "--schema" in complete("voxemo-scan validate --")
    assert "--force" in complete("voxemo-scan init --f")


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion_is_shown_and_installed(name: str, tmp_path: Path) -> None:
    home = {
        **os.environ,
        "HOME": str(tmp_path),
        "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",
    }
    shown = run("--show-completion", name, env=home)
    assert shown.returncode == 0
    assert "_VOXEMO_SCAN_COMPLETE" in shown.stdout
    installed = run("--install-completion", name, env=home)
    assert installed.returncode == 0
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any("_VOXEMO_SCAN_COMPLETE" in path.read_text() for path in written)
