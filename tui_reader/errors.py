"""What can go wrong, as a tree.

    ReaderError            anything the program tells a person about, in one line
    ├── LibraryError       the library file cannot be used as asked
    │   ├── ForeignLibrary     the file is not ours; it is left untouched
    │   ├── NewerLibrary       the file was written by a newer version; it is left untouched
    │   ├── LibraryDamaged     the file is ours and cannot be read whole; what can be read of it can be saved
    │   └── LibraryBusy        another process holds the lock or the disk refuses the write
    ├── NotFound           no such feed, entry or discussion
    ├── Refused            an address answered, but not with a feed; carries the server's own words
    ├── BadPicture         what came is no picture that can be drawn
    ├── Offline            the network is forbidden by --offline or not reachable
    └── BadInput           an argument, a query or a file the user named cannot be used

Every message is one plain sentence fit for the status line: no class names, no raw bytes from outside.
"""


class ReaderError(Exception):
    """Something the user should read; `str()` of it is one clean line."""


class LibraryError(ReaderError):
    """The library file cannot be used as asked."""


class ForeignLibrary(LibraryError):
    """The file belongs to another program; it was not changed."""


class NewerLibrary(LibraryError):
    """The file was written by a newer version of the program; it was not changed."""


class LibraryDamaged(LibraryError):
    """The file is ours, but not whole; `store.recovery` saves what can be read."""


class LibraryBusy(LibraryError):
    """The library could not be written: locked by another process, read-only, or the disk is full.

    `why` is the reason alone, in a few words.
    """

    def __init__(self, message: str, why: str = "") -> None:
        super().__init__(message)
        self.why = why or message


class NotFound(ReaderError):
    """What was named does not exist in this library."""


class Refused(ReaderError):
    """An address answered, but not with a feed.

    `status` is the HTTP status (0 when none came), `words` the first words of the answer, cleaned.
    """

    def __init__(self, message: str, *, status: int = 0, words: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.words = words


class BadPicture(ReaderError):
    """What came is no picture that can be drawn."""


class Offline(ReaderError):
    """The network may not be used, or cannot be reached."""


class BadInput(ReaderError):
    """An argument, a query or a file given by the user cannot be used."""
