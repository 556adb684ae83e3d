"""The set-up inside the checkout: environment, front-end packages, translations, static files.

Run by scripts/setup with any Python from 3.11 on; standard library only. Each step is skipped when
the stamp of its inputs, kept in var/stamps, is the one it finished with.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = VAR / "tools" / "npm"
ENVIRONMENT_MADE = VENV / ".complete"
PROGRESS_EVERY_S = 5


class StepFailed(Exception):
    """A step's command failed; the message says what to do."""


@dataclass(frozen=True)
class Step:
    """Something to do when ``inputs`` changed or ``output`` is not there."""

    name: str
    inputs: Sequence[str | Path]
    output: Path
    work: Callable[[], None]

    def stamp(self) -> Path:
        """Return the file that remembers the inputs of the last finished run."""
        return VAR / "stamps" / self.name.replace(" ", "-")

    def digest(self) -> str:
        """Return a digest of the inputs: words as they are, files and folders by content."""
        digest = hashlib.sha256(str(ROOT).encode())
        for item in self.inputs:
            for path in sorted(_files(item)) if isinstance(item, Path) else []:
                digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
            digest.update(f"{item}\0".encode())
        return digest.hexdigest()

    def done(self) -> bool:
        """Tell whether the last finished run had these inputs and its output is still there."""
        stamp = self.stamp()
        return stamp.exists() and self.output.exists() and stamp.read_text() == self.digest()


def _files(path: Path) -> Iterable[Path]:
    return (found for found in path.rglob("*") if found.is_file()) if path.is_dir() else [path]


def main() -> int:
    """Do every step that is due, round by round; return 1 after the first that fails."""
    os.chdir(ROOT)
    (VAR / "stamps").mkdir(parents=True, exist_ok=True)
    (VAR / "log").mkdir(exist_ok=True)
    with (VAR / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            for together in rounds():
                do_all(together)
        except StepFailed as error:
            print(f"    failed: {error}", file=sys.stderr)
            return 1
    return 0


def do_all(together: Sequence[Step]) -> None:
    """Do steps at once. Raises StepFailed of one that failed when all have ended."""
    with ThreadPoolExecutor(len(together)) as pool:
        for done in [pool.submit(_do_named, step) for step in together]:
            done.result()


def _do_named(step: Step) -> None:
    """Do a step under its own name, which ``run`` gives the log."""
    threading.current_thread().name = step.stamp().name
    do(step)


def do(step: Step) -> None:
    """Do one step, unless it is done, and say how long it took."""
    if step.done():
        return
    # Whole lines: another step may speak at the same moment.
    print(f"==> {step.name}\n", end="", flush=True)
    began = time.monotonic()
    step.stamp().unlink(missing_ok=True)
    digest = step.digest()
    step.work()
    step.stamp().write_text(digest)
    print(f"    {step.name}: {time.monotonic() - began:.1f} s\n", end="", flush=True)


def rounds() -> list[list[Step]]:
    """Return the steps in their order; those of one round need nothing of each other."""
    front_end = [
        ROOT / "map_ui" / "front_end.toml",
        ROOT / "map_ui" / "icons",
        ROOT / "scripts" / "front_end",
    ]
    vendor = ROOT / "map_ui" / "static" / "map_ui" / "vendor"
    npm_lock = ROOT / "package-lock.json"
    messages = sorted((ROOT / "map_ui" / "locale").rglob("*.po"))
    compiled = messages[-1].with_suffix(".mo") if messages else ROOT
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    packages = Step(
        "Python packages", [ROOT / "requirements.lock", version], ENVIRONMENT_MADE, environment
    )
    modules = Step(
        "front-end packages", [npm_lock, ROOT / ".npmrc"], ROOT / "node_modules", node_modules
    )
    files = Step(
        "front-end files",
        [npm_lock, *front_end, ROOT / "districts" / "catalogue"],
        vendor,
        vendor_files,
    )
    compiling = Step(
        "compiled kernels",
        [ROOT / "requirements.lock", version, *sorted((ROOT / "gis_core").glob("*.py"))],
        ROOT / "gis_core" / "__pycache__",
        kernels,
    )
    translating = Step("translations", messages, compiled, translations)
    gathering = Step(
        "static files",
        [ROOT / "requirements.lock", ROOT / "map_ui" / "static"],
        VAR / "static",
        static,
    )
    return [[packages, modules], [files], [compiling, translating, gathering]]


def environment() -> None:
    """Make .venv anew: nothing of an interrupted or older one is left in it."""
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", str(VENV)], "python3 has no working venv module")
    lock = ROOT / "requirements.lock"
    run(pip_install(PYTHON, lock), _pip_advice(), count=("Collecting ", _packages(lock)))
    ENVIRONMENT_MADE.touch()


def node_modules() -> None:
    """Install the locked npm packages, with the system's npm or one of our own."""
    npm, path = _npm()
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    run(command, "run it again; if npm names a package, the npm registry lacks it", path=path)


def vendor_files() -> None:
    """Copy the few files the pages use, and draw the icons."""
    run([str(PYTHON), "scripts/front_end"], "remove node_modules and run it again")


def kernels() -> None:
    """Compile what joins points with polygons."""
    run([str(PYTHON), "scripts/compile_kernels.py"], "see which line of gis_core it names")


def translations() -> None:
    """Compile every catalogue of messages."""
    run([str(PYTHON), "scripts/translations.py"], "the .po file named above is not well formed")


def static() -> None:
    """Gather the static files under var/static, named by their content."""
    shutil.rmtree(VAR / "static", ignore_errors=True)
    command = [str(PYTHON), "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    run(command, "a static file refers to one that is not there")


def pip_install(python: Path, lock: Path) -> list[str]:
    """Return the command that installs what is locked, and nothing else.

    Python compiles a module when it is first imported: most of 170 MB never is.
    """
    options = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--no-compile"]
    return [str(python), "-m", "pip", "install", *options, "--require-hashes", "-r", str(lock)]


def _pip_advice() -> str:
    return "run it again when the Python package index answers; what was fetched is kept"


def _packages(lock: Path) -> int:
    return sum("==" in line for line in lock.read_text().splitlines())


def _npm() -> tuple[str, str]:
    """Return npm and the PATH it needs; without one of 9 or later, the one that PyPI carries."""
    path = os.environ.get("PATH", "")
    if (found := shutil.which("npm")) and _major(found) >= 9:
        return found, path
    if not (TOOLS / "bin" / "npm").exists():
        shutil.rmtree(TOOLS, ignore_errors=True)
        run([sys.executable, "-m", "venv", str(TOOLS)], "python3 has no working venv module")
        run(pip_install(TOOLS / "bin" / "python", ROOT / "scripts" / "npm.lock"), _pip_advice())
    return str(TOOLS / "bin" / "npm"), f"{TOOLS / 'bin'}{os.pathsep}{path}"


def _major(npm: str) -> int:
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    first = answer.stdout.partition(".")[0]
    return int(first) if first.isdigit() else 0


def run(
    command: Sequence[str],
    advice: str,
    *,
    path: str | None = None,
    count: tuple[str, int] | None = None,
) -> None:
    """Run the command, its words kept in the step's log. Raises StepFailed with the last ones.

    ``count``: the start of the lines that tell of progress, and how many there will be at most.
    """
    variables = {**os.environ, "PYTHONUNBUFFERED": "1", **({"PATH": path} if path else {})}
    name = f"setup-{threading.current_thread().name}.log"
    with (VAR / "log" / name).open("a+") as log:
        start = log.tell()
        process = subprocess.Popen(
            command, env=variables, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        while process.poll() is None:
            _wait(process)
            if count:
                _tell_progress(log.name, start, *count)
        log.seek(start)
        words = log.read().splitlines()
    if process.returncode:
        tail = "\n    ".join(words[-12:])
        msg = f"{' '.join(command[:6])}\n    {tail}\n    What to do: {advice}."
        raise StepFailed(msg)


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(PROGRESS_EVERY_S)
    except subprocess.TimeoutExpired:
        return


def _tell_progress(log: str, start: int, marker: str, total: int) -> None:
    with Path(log).open(errors="replace") as words:
        words.seek(start)
        lines = words.read().splitlines()
    seen = sum(line.startswith(marker) for line in lines)
    installing = any(line.startswith("Installing") for line in lines)
    state = "installing" if installing else f"fetched {min(seen, total)} of about {total}"
    print(f"    {state}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
