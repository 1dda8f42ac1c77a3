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
        managed = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
        for candidate in (shutil.which(f"python{version}"), *(str(path) for path in reversed(managed))):
            if candidate and subprocess.run([candidate, "-c", "import venv, ssl, sqlite3"], capture_output=True).returncode == 0:
                yield version, candidate
                break


def tested(interpreter: str, folder: Path) -> str:
    """Pytest's closing line, or what went wrong before it."""
    python = folder / "bin" / "python"
    steps = (
        [interpreter, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "-q", "--upgrade", "pip>=25.1", "-c", "constraints.txt"],
        [str(python), "-m", "pip", "install", "-q", "-c", "constraints.txt", "-e", ".", "--group", "dev"],
    )
    for step in steps:
        done = subprocess.run(step, cwd=HOME, capture_output=True, text=True)
        if done.returncode:
            return f"FAILED to set up: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}"
    done = subprocess.run([str(python), "-m", "pytest", "-n", "auto"], cwd=HOME, capture_output=True, text=True)
    closing = (done.stdout.strip().splitlines() or ["no output"])[-1]
    return closing if done.returncode == 0 else f"FAILED: {closing}"


def main() -> int:
    """Test them all, one line each."""
    results: list[str] = []
    for version, interpreter in pythons():
        with TemporaryDirectory(prefix=f"tui-reader-{version}-") as folder:
            results.append(tested(interpreter, Path(folder)))
        print(f"Python {version}: {results[-1]}", flush=True)
    if not results:
        print("no Python from 3.11 to 3.14 was found")
    return int(not results or any(line.startswith("FAILED") for line in results))


if __name__ == "__main__":
    sys.exit(main())
