"""Run the tests on every Python from 3.11 to 3.14 found on this machine: `make test-all`.

Each gets an environment of its own in a temporary folder. The exit code is 0 when all passed and at least one ran.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
HOME = Path(__file__).parent.parent


def pythons() -> Iterator[tuple[str, str]]:
    """(version, interpreter) for every version found."""
    for version in VERSIONS:
        managed = (Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python{version}")
        for candidate in (shutil.which(f"python{version}"), *sorted((str(path) for path in managed), reverse=True)):
            if candidate and _run([candidate, "-c", "import venv, ensurepip, ssl, sqlite3"]).returncode == 0:
                yield version, candidate
                break


def tested(interpreter: str, folder: Path) -> tuple[bool, str]:
    """Whether all passed, and pytest's closing line and what failed, or what went wrong before it."""
    python = str(folder / "bin" / "python")
    for step in (
        [interpreter, "-m", "venv", str(folder)],
        [python, "-m", "pip", "install", "-q", "--upgrade", "pip>=25.1", "-c", "constraints.txt"],
        [python, "-m", "pip", "install", "-q", "-c", "constraints.txt", "-e", ".", "--group", "dev"],
    ):
        done = _run(step)
        if done.returncode:
            return False, f"could not be set up: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}"
    done = _run([python, "-m", "pytest", "-n", "auto", "-p", "no:cacheprovider"])
    lines = (done.stdout + done.stderr).strip().splitlines() or ["no output"]
    failed = [f"\n    {line}" for line in lines if line.startswith(("FAILED ", "ERROR "))]
    return done.returncode == 0, lines[-1] + "".join(failed)


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=HOME, capture_output=True, text=True)


def main() -> int:
    """Test them all, one line each, more for what failed."""
    results: list[bool] = []
    for version, interpreter in pythons():
        with TemporaryDirectory(prefix=f"tui-reader-{version}-") as folder:
            passed, said = tested(interpreter, Path(folder))
        results.append(passed)
        print(f"Python {version}: {'' if passed else 'FAILED: '}{said}", flush=True)
    if not results:
        print("no Python from 3.11 to 3.14 was found")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
