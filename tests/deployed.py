"""The files under ``deploy/`` as somebody fills them in, and the programs that read them."""

import os
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.core.settings import PROJECT_DIR

DEPLOY = PROJECT_DIR / "deploy"
NOTHING: Mapping[str, str] = MappingProxyType({})

NAME = "sanliang.example.org"


def write_certificate(folder: Path, key: EllipticCurvePrivateKey) -> None:
    """``fullchain.pem`` and ``key.pem`` for ``NAME`` and this machine."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(NAME), x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(names, critical=False)
        .sign(key, SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def program(name: str) -> str:
    """Where the program is; where changes are judged it has to be (``tools/find-proxies.sh``)."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if not found and os.environ.get("CI"):
        pytest.fail(f"{name} is not here, and its file would go unchecked")
    return found or pytest.skip(f"{name} is not installed")


def filled_in(name: str, folder: Path, others: Mapping[str, str] = NOTHING) -> Path:
    """The file as somebody would fill it in who has ``folder`` alone; ``others`` is what else is put for what."""
    (folder / "log").mkdir(exist_ok=True)
    write_certificate(folder, ec.generate_private_key(ec.SECP256R1()))
    text = (DEPLOY / name).read_text("utf-8")
    for theirs, ours in {
        "/etc/ssl/sanliang": folder,
        "/var/log/sanliang": folder / "log",
        "/var/log/nginx/sanliang": folder / "log",
        "/var/log/caddy": folder / "log",
        "/run/nginx.pid": folder / "pid",
        "/var/cache/sanliang-nginx": folder / "cache",
        "/opt/sanliang": PROJECT_DIR,
        **others,
    }.items():
        text = text.replace(theirs, str(ours))
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def nginx(folder: Path, others: Mapping[str, str] = NOTHING) -> list[str]:
    """The words that start nginx with the file in ``folder`` and nowhere else."""
    filled_in("nginx.conf", folder, others)
    temporary = "".join(f"{kind}_temp_path t;" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root root;" if os.geteuid() == 0 else ""
    around = f"{user} pid pid; error_log {folder}/log/nginx.log; events {{}} http {{ {temporary} include nginx.conf; }}"
    (folder / "around.conf").write_text(around, encoding="utf-8")
    return [program("nginx"), "-p", str(folder), "-c", "around.conf", "-e", "log/start.log"]


def caddy(folder: Path, others: Mapping[str, str] = NOTHING) -> list[str]:
    """The words that start Caddy with the file in ``folder`` and nowhere else."""
    file = filled_in("Caddyfile", folder, others)
    return [program("caddy"), "run", "--adapter", "caddyfile", "--config", str(file)]
