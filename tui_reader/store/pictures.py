"""Pictures that were fetched, as files in a folder of their own: a cache, from which the oldest in use goes first.

Nothing depends on a file being there: whatever cannot be written or read is a picture that is not held.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

_HALF_WRITTEN = ".part"


class Pictures:
    """The files below `folder`, together at most `budget` bytes. Its methods block: call them off the UI thread."""

    def __init__(self, folder: Path, budget: int) -> None:
        self._folder = folder
        self._budget = budget

    def held(self, url: str, now: int) -> bytes | None:
        """The picture of an address, which is in use from now on again; None when it is not held."""
        path = self._path(url)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        with suppress(OSError):
            os.utime(path, (now, now))
        return content

    def keep(self, url: str, content: bytes, now: int) -> None:
        """Hold a picture, and let go of the oldest ones that it leaves no room for."""
        if len(content) > self._budget:
            return
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room(self._budget - len(content), besides=self._path(url))
            with NamedTemporaryFile(dir=self._folder, suffix=_HALF_WRITTEN, delete=False) as written:
                part = Path(written.name)
                try:
                    written.write(content)
                    written.flush()
                    os.utime(part, (now, now))
                    part.replace(self._path(url))  # whole or not at all: another process may be reading
                except OSError:
                    part.unlink(missing_ok=True)

    def _make_room(self, most: int, *, besides: Path) -> None:
        """Let the oldest go until the rest has at most so many bytes."""
        found: list[tuple[float, int, Path]] = []
        with os.scandir(self._folder) as files:
            for file in files:
                with suppress(OSError):  # another process makes room as well
                    about = file.stat(follow_symlinks=False)
                    found.append((about.st_mtime, about.st_size, Path(file.path)))
        found = [one for one in found if one[2] != besides]
        size = sum(one[1] for one in found)
        for _, bytes_, path in sorted(found):
            if size <= most:
                return
            path.unlink(missing_ok=True)
            size -= bytes_

    def _path(self, url: str) -> Path:
        return self._folder / sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def beside(library: Path) -> Path:
    """The folder of a library's pictures."""
    return library.with_name(f"{library.name}.pictures")
