"""Makes the certificates beside this file with the `openssl` command: `python tests/net/certs/make.py`.

They are good for loopback only: `good` for localhost and 127.0.0.1, `expired`, `elsewhere` for another host, each
signed by `authority`, and `alone`, signed by itself. Every file holds key and certificate.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
CONFIG = """
[ca]
default_ca = any
[any]
database = {folder}/index
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = anything
copy_extensions = copy
unique_subject = no
[anything]
commonName = supplied
"""
NAMES = {"good": "DNS:localhost,IP:127.0.0.1", "expired": "DNS:localhost,IP:127.0.0.1", "elsewhere": "DNS:example.org"}
LASTING = ["-startdate", "20200101000000Z", "-enddate", "21200101000000Z"]
PAST = ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"]


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def _new_key(path: Path) -> Path:
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)
    return path


def main() -> None:
    """Write every certificate anew."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "index").touch()
        config = folder / "config"
        config.write_text(CONFIG.format(folder=folder))
        long = ["-x509", "-days", "36500", "-sha256"]
        authority = _new_key(folder / "authority.key")
        signer = folder / "authority.crt"
        usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]  # Python 3.13 and later ask for it
        _openssl("req", "-new", *long, *usage, "-key", authority, "-subj", "/CN=tests", "-out", signer)
        (HERE / "authority.pem").write_text(signer.read_text())
        for which, names in NAMES.items():
            key = _new_key(folder / f"{which}.key")
            wish, signed = folder / f"{which}.csr", folder / f"{which}.crt"
            extra = ["-addext", f"subjectAltName={names}"]
            _openssl("req", "-new", "-key", key, "-subj", f"/CN={which}", *extra, "-out", wish)
            dates = PAST if which == "expired" else LASTING
            by = ["-cert", signer, "-keyfile", authority]
            _openssl("ca", "-batch", "-notext", "-config", config, *by, *dates, "-in", wish, "-out", signed)
            (HERE / f"{which}.pem").write_text(key.read_text() + signed.read_text())
        key, signed = _new_key(folder / "alone.key"), folder / "alone.crt"
        extra = ["-addext", f"subjectAltName={NAMES['good']}"]
        _openssl("req", "-new", *long, "-key", key, "-subj", "/CN=alone", *extra, "-out", signed)
        (HERE / "alone.pem").write_text(key.read_text() + signed.read_text())


if __name__ == "__main__":
    main()
