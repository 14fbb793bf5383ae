"""The services on the other side as they speak: WeCom, DingTalk, Feishu and a push service, on this machine.

Forms as documented by them: developer.work.weixin.qq.com (application messages, group robots), open.dingtalk.com
(custom robots, signatures), open.feishu.cn (custom robots, signature check), RFC 8030, 8188, 8291 and 8292 (Web Push).
"""

import base64
import hmac
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core import clock

ROBOT = "693a91f6-7aaa-4bc4-97a0-0ec2abfa5aaa"
DING = "ab" * 32
FEISHU = "0f3b8c9a-1111-4222-8333-123456789abc"
SECRET = "SECthisisasecretoftherobot0123456789"
APPLICATION = "ww0123456789abcdef:application-secret@1000002"
POINT = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


class Services(ThreadingHTTPServer):
    """All of them in one; what each was asked stands in ``heard``, and ``ill`` says what is answered instead."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.heard: list[dict[str, Any]] = []
        self.ill: dict[str, Any] | None = None
        self.knows_all = False
        self.browsers: dict[str, Browser] = {}

    @property
    def url(self) -> str:
        return f"{'https' if self.browsers else 'http'}://127.0.0.1:{self.server_address[1]}"

    @property
    def texts(self) -> list[str]:
        """What people read of what was taken."""
        return [one["text"] for one in self.heard if one["answer"].get("errcode", one["answer"].get("code")) == 0]


class _Desk(BaseHTTPRequestHandler):
    server: Services

    def log_message(self, *_words):
        pass

    def do_GET(self):
        self.answer(b"")

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, body):
        parts = urlsplit(self.path)
        asked, ill = dict(parse_qsl(parts.query)), self.server.ill
        if ill is not None and not parts.path.endswith("/gettoken"):
            self.server.heard.append({"path": parts.path, "answer": ill, "text": ""})
            if ill.get("hangs"):
                time.sleep(ill["hangs"])
            if ill.get("cut"):
                return self.connection.close()
            return self.say(ill.get("status", 200), ill, ill.get("headers", {}))
        if parts.path.startswith("/push/"):
            return self.push(parts.path, body)
        said = json.loads(body or "{}")
        answer = self.judged(parts.path, asked, said)
        text = said.get("text", said.get("content", {}))
        words = text.get("content", text.get("text", ""))
        self.server.heard.append({"path": parts.path, "key": asked.get("key"), "answer": answer, "text": words})
        return self.say(200, answer)

    def judged(self, path, asked, said):
        match path.strip("/").split("/"):
            case ["cgi-bin", "gettoken"]:
                right = f"{asked.get('corpid')}:{asked.get('corpsecret')}" == APPLICATION.partition("@")[0]
                if not right:
                    return {"errcode": 40001, "errmsg": "invalid credential"}
                return {"errcode": 0, "errmsg": "ok", "access_token": "a-token", "expires_in": 7200, "text": {}}
            case ["cgi-bin", "message", "send"]:
                if asked != {"access_token": "a-token"}:
                    return {"errcode": 40014, "errmsg": "invalid access_token"}
                assert (said["msgtype"], said["agentid"], set(said["text"])) == ("text", 1000002, {"content"})
                known = said["touser"] in {"ai.li", "bao.bo"}
                return {"errcode": 0 if known else 81013, "errmsg": "ok", "invaliduser": "", "msgid": "x"}
            case ["cgi-bin", "webhook", "send"]:
                assert (said["msgtype"], set(said["text"])) == ("text", {"content"})
                return {
                    "errcode": 0 if self.server.knows_all or asked == {"key": ROBOT} else 93000,
                    "errmsg": "invalid webhook url",
                }
            case ["robot", "send"]:
                assert (said["msgtype"], said["at"]["isAtAll"]) == ("text", False)
                if asked.get("access_token") != DING:
                    return {"errcode": 300005, "errmsg": "token is not exist"}
                signed = hmac.digest(SECRET.encode(), f"{asked.get('timestamp')}\n{SECRET}".encode(), "sha256")
                is_now = abs(int(asked.get("timestamp", 0)) / 1000 - time.time()) < 3600
                right = asked.get("sign") == base64.b64encode(signed).decode() and is_now
                return {"errcode": 0 if right else 310000, "errmsg": "sign not match, more: [https://ding-doc]"}
            case ["open-apis", "bot", "v2", "hook", token]:
                assert said["msg_type"] == "text"
                if token != FEISHU:
                    return {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
                signed = hmac.digest(f"{said.get('timestamp')}\n{SECRET}".encode(), b"", "sha256")
                is_now = abs(int(said.get("timestamp", 0)) - time.time()) < 3600
                right = said.get("sign") == base64.b64encode(signed).decode() and is_now
                return {"code": 0, "data": {}, "msg": "success"} if right else {"code": 19021, "msg": "sign match fail"}
        raise AssertionError(path)

    def push(self, path, body):
        browser = self.server.browsers.get(path)
        if browser is None:
            self.server.heard.append({"path": path, "answer": {"code": 410}, "text": ""})
            return self.say(410, {})
        assert self.headers["Content-Encoding"] == "aes128gcm"
        claims = browser.claims(self.headers["Authorization"])
        text = json.loads(browser.opened(body))
        ttl = int(self.headers["TTL"])
        self.server.heard.append({"path": path, "answer": {"code": 0}, "text": text, "claims": claims, "ttl": ttl})
        return self.say(201, {}, {"Location": "/message/1"})

    def say(self, status, answer, headers=None):
        body = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": len(body), **(headers or {})}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)


class Browser:
    """A browser that has subscribed: it alone can open what is sent to it."""

    def __init__(self, server_key: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = b"sixteen bytes ok"
        self._server_key = server_key

    def subscription(self, endpoint: str) -> str:
        keys = {"p256dh": _letters(self._key.public_key().public_bytes(*POINT)), "auth": _letters(self._auth)}
        return json.dumps({"endpoint": endpoint, "expirationTime": None, "keys": keys})

    def claims(self, header):
        """Who says to have sent it (RFC 8292); refused unless signed by the key that was subscribed with."""
        scheme, _space, rest = header.partition(" ")
        said = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert (scheme, said["k"]) == ("vapid", self._server_key)
        signed, _dot, signature = said["t"].rpartition(".")
        raw = in_bytes(signature)
        pair = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), in_bytes(said["k"]))
        key.verify(pair, signed.encode(), ec.ECDSA(hashes.SHA256()))
        head, claims = (json.loads(in_bytes(part)) for part in signed.split("."))
        assert head["alg"] == "ES256"
        assert time.time() < claims["exp"] <= time.time() + 24 * 3600
        return claims

    def opened(self, body):
        """What it says (RFC 8188, 8291)."""
        return opened(body, self._key, self._auth)


def opened(body: bytes, key: ec.EllipticCurvePrivateKey, auth: bytes) -> str:
    """A message of one record, decrypted as a browser does it."""
    salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
    point, sealed = body[21 : 21 + length], body[21 + length :]
    assert len(sealed) <= size
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    info = b"WebPush: info\0" + key.public_key().public_bytes(*POINT) + point
    secret = _derived(32, auth, info, key.exchange(ec.ECDH(), theirs))
    content_key = _derived(16, salt, b"Content-Encoding: aes128gcm\0", secret)
    nonce = _derived(12, salt, b"Content-Encoding: nonce\0", secret)
    padded = AESGCM(content_key).decrypt(nonce, sealed, None).rstrip(b"\0")
    assert padded.endswith(b"\2")
    return padded[:-1].decode()


def _derived(length, salt, info, secret):
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _letters(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def in_bytes(letters: str) -> bytes:
    return base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))


def certificate(folder: Path) -> Path:
    """A certificate of this machine for itself, with its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "push.test")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + made.public_bytes(serialization.Encoding.PEM)
    file = folder / "push.pem"
    file.write_bytes(pem)
    return file


@contextmanager
def services(encrypted: Path | None = None) -> Iterator[Services]:
    """The services, until the block ends; behind TLS with the certificate in the file ``encrypted``."""
    server = Services()
    if encrypted:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(encrypted)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
