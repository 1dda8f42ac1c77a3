"""Addresses: joined, compared, shown, and judged fit to fetch or to open. Nothing here raises on bad input but
`normalise_input`, whose input a person typed."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from tui_reader.errors import BadInput
from tui_reader.text import clean, cut

_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f]")
_ABSOLUTE = re.compile(r"^https?://[A-Za-z0-9.-]+(?::[1-9]\d{0,3})?(?:[/?#][!-~]*)?$")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_END = re.compile(r"[/\s]+$")
_TRACKING = re.compile(
    r"^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|ref_src|yclid|_hsenc|_hsmi)$", re.IGNORECASE
)
_COMMON = re.compile(r"https?://([a-z0-9-]+\.[a-z0-9.-]*[a-z0-9])(:[1-9]\d{0,3})?(/[!\"$->@-~]*)?")
"""What nearly every address looks like, without a query."""
_PORTS = {"http": 80, "https": 443}
_SAFE_TO_OPEN = frozenset({"http", "https", "mailto"})
_LONGEST = 8192


def join(base: str, link: str) -> str:
    """The absolute web address that `link` means on a page at `base`, or "" when that is none."""
    link = link.strip()
    if not link or len(link) > _LONGEST:
        return ""
    if _ABSOLUTE.match(link):
        return link
    try:
        joined = urljoin(base, link)
    except ValueError:
        return ""
    encoded = _encoded(joined) if is_web(joined) else ""
    return encoded if is_web(encoded) else ""


def parts(url: str) -> SplitResult:
    """An address taken apart; all parts are empty for what is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def is_web(url: str) -> bool:
    """Whether this is an http or https address with a host."""
    try:
        parts = urlsplit(url)
        sound = bool(parts.hostname) and not _UNFIT.search(parts.netloc)
        return parts.scheme in _PORTS and sound and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def safe_to_open(url: str) -> bool:
    """Whether an address may be handed to a browser: http, https or mailto, and nothing a command could take for an
    option or a second argument."""
    if not url or url.startswith("-") or _UNFIT.search(url):
        return False
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        return False
    return scheme == "mailto" or (scheme in _SAFE_TO_OPEN and is_web(url))


def host(url: str) -> str:
    """The host in its ASCII form, so that a look-alike name shows itself; "" when there is none."""
    try:
        name = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return clean(name.encode("ascii", "backslashreplace").decode("ascii"))


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this very machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def without_login(url: str) -> str:
    """The address without a user name and a password in it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def host_key(url: str) -> str:
    """What stands for one server: requests with the same key are sent one after the other."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return url
    return f"{parts.scheme}://{host(url)}:{port}"


@lru_cache(maxsize=4096)
def canonical(url: str) -> str:
    """One spelling for addresses that mean the same page, for comparing only: never to be fetched."""
    common = _COMMON.fullmatch(url)
    if common is not None:
        name, written, path = common.groups("")
        own = "" if written in {":80", ":443"} else written
        return f"https://{name.removeprefix('www.')}{own}{path.rstrip('/')}"
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    if parts.scheme.lower() not in _PORTS or not parts.hostname or _UNFIT.search(parts.netloc):
        return url.strip()
    name = host(url).removeprefix("www.")
    if port is not None and port not in _PORTS.values():
        name = f"{name}:{port}"
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(key)]
    return urlunsplit(("https", name, _END.sub("", parts.path), urlencode(query, errors="replace"), ""))


def short(url: str, cells: int) -> str:
    """An address as a line can show it: a web address without its scheme, cut at the end, its host always in sight."""
    rest = url.partition("://")[2]
    if not rest:
        return cut(clean(url), cells)
    name, slash, path = rest.partition("/")
    shown = host(url) or name.rpartition("@")[2]
    return cut(clean(shown + (slash + path if path else "")), cells)


def normalise_input(text: str) -> str:
    """The address a person meant: `example.org/blog`, `feed://…` and `feed:https://…` are understood.

    Raises BadInput when it can be no web address.
    """
    typed = text.strip().strip("<>")
    for prefix in ("feed://", "feed:"):
        if typed.lower().startswith(prefix):
            rest = typed[len(prefix) :]
            typed = rest if rest.lower().startswith(("http://", "https://")) else f"https://{rest.lstrip('/')}"
            break
    if not re.match(r"^[a-z][a-z0-9+.-]*://", typed, re.IGNORECASE):
        if _SCHEME.match(typed) and not re.match(r"^[^/:]+:\d+(/|$)", typed):
            raise BadInput(f"{clean(text, limit=80)}: only http and https addresses can be read")
        local = re.match(r"^(localhost|127\.|\[::1\])", typed)
        typed = f"{'http' if local else 'https'}://{typed}"
    meant = _encoded(typed) if is_web(typed) and not re.search(r"\s", typed) and len(typed) <= _LONGEST else ""
    if not is_web(meant):
        raise BadInput(f"{clean(text, limit=80) or 'nothing'}: not a web address")
    return meant


def _encoded(url: str) -> str:
    """Percent-encode what may not stand in an address; what is encoded already stays as it is."""
    if url.isascii() and not _UNFIT.search(url):
        return url
    parts = urlsplit(url)
    name = parts.netloc
    if not name.isascii():
        port = f":{parts.port}" if parts.port else ""
        name = f"{host(url)}{port}"
    path, query, fragment = (
        quote(part, "!#$%&'()*+,/:;=?@[]~", errors="replace") for part in (parts.path, parts.query, parts.fragment)
    )
    return urlunsplit((parts.scheme, name, path, query, fragment))
