"""A step of the set-up is done again when its inputs change, and not otherwise."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts import setup_steps

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(setup_steps, "ROOT", tmp_path)
    monkeypatch.setattr(setup_steps, "VAR", tmp_path / "var")
    for folder in ("var/stamps", "var/log", "inputs"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


@pytest.fixture
def step(checkout):
    """A step that counts in its output how often it was done."""
    output = checkout / "output"

    def work():
        before = output.read_text() if output.exists() else ""
        output.write_text(before + "x")

    return setup_steps.Step("a step", [checkout / "inputs", "3.11"], output, work)


def test_it_is_done_once(step):
    setup_steps.do(step)
    setup_steps.do(step)
    assert step.output.read_text() == "x"


@pytest.mark.parametrize("change", ["a new file", "other content", "no file"])
def test_it_is_done_again_when_an_input_changes(step, checkout, change):
    known = checkout / "inputs" / "known"
    known.write_text("1")
    setup_steps.do(step)
    if change == "a new file":
        (checkout / "inputs" / "new").touch()
    elif change == "other content":
        known.write_text("2")
    else:
        known.unlink()
    setup_steps.do(step)
    assert step.output.read_text() == "xx"


def test_it_is_done_again_when_its_output_is_gone(step):
    setup_steps.do(step)
    step.output.unlink()
    assert not step.done()


def test_it_is_not_done_when_it_was_interrupted(step):
    def interrupted():
        step.output.touch()
        raise KeyboardInterrupt

    broken = setup_steps.Step(step.name, step.inputs, step.output, interrupted)
    with pytest.raises(KeyboardInterrupt):
        setup_steps.do(broken)
    assert not step.done()


def test_of_steps_at_once_the_others_are_finished_when_one_fails(step, checkout):
    def fails():
        raise setup_steps.StepFailed("no such wheel")

    broken = setup_steps.Step("broken", [], checkout / "nothing", fails)
    with pytest.raises(setup_steps.StepFailed, match="no such wheel"):
        setup_steps.do_all([broken, step])
    assert step.done()
    assert not broken.done()


def test_each_step_keeps_what_its_commands_said(checkout):
    def said(words):
        return lambda: setup_steps.run([sys.executable, "-c", f"print('{words}')"], "")

    some = [setup_steps.Step(name, [], checkout / name, said(name)) for name in ("one", "two")]
    setup_steps.do_all(some)
    logs = checkout / "var" / "log"
    assert (logs / "setup-one.log").read_text() == "one\n"
    assert (logs / "setup-two.log").read_text() == "two\n"


def test_a_failed_command_says_its_last_words_and_what_to_do(checkout):
    command = [sys.executable, "-c", "import sys; print('no such wheel'); sys.exit(3)"]
    with pytest.raises(setup_steps.StepFailed, match=r"(?s)no such wheel.*What to do: try again"):
        setup_steps.run(command, "try again")


def test_without_an_installer_the_packages_are_named(tmp_path):
    """Only what the script itself calls is on its PATH: no apt-get, no sudo."""
    for name in ("bash", "env", "id", "mkdir"):
        (tmp_path / name).symlink_to(shutil.which(name))
    refused = subprocess.run(
        [ROOT / "scripts" / "system_packages", "postgis"],
        env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert refused.returncode == 2
    assert "lacks: postgis" in refused.stderr
    assert "PostgreSQL (15 or later) with PostGIS 3" in refused.stderr


@pytest.mark.parametrize("name", ["run", "setup"])
def test_help_needs_nothing_installed(name, tmp_path):
    for program in ("bash", "env", "dirname", "cat"):
        (tmp_path / program).symlink_to(shutil.which(program))
    answer = subprocess.run(
        [ROOT / "scripts" / name, "--help"],
        env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert answer.stdout.startswith(f"usage: scripts/{name}")


@pytest.mark.parametrize("lock", ["requirements.lock", "scripts/npm.lock", "package-lock.json"])
def test_the_locks_name_no_place_to_fetch_from(lock):
    text = (ROOT / lock).read_text()
    for address in (
        "--index-url",
        "--extra-index-url",
        "--find-links",
        "file:",
        '"resolved"',
        " @ ",
    ):
        assert address not in text


def test_the_lock_has_what_the_project_declares():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = project["dependencies"] + project["optional-dependencies"]["dev"]
    locked = (ROOT / "requirements.lock").read_text()
    for requirement in declared:
        name = requirement.partition(">")[0].strip()
        assert f"\n{name}==" in locked, name
    assert "\npsycopg==" not in locked
