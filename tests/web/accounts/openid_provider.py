"""A small OpenID provider on a port of its own: discovery, authorize, token, userinfo, keys.

It checks what it is sent as the standards have it (RFC 6749, RFC 7636, OpenID Connect Core 1.0),
and can be told to answer wrongly.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLIENT, SECRET = "imprimatur", "a-secret-of-the-client"


class Provider(ThreadingHTTPServer):
    """`person` is who is signed in there; the other attributes are what it gets wrong."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Endpoint)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.person: dict[str, Any] = {
            "sub": "person-1",
            "email": "mary@example.org",
            "email_verified": True,
            "name": "Mary Person",
        }
        self.codes: dict[str, dict[str, str]] = {}
        self.discovery: dict[str, Any] = {}
        self.id_token: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.key: Any = KEY
        self.algorithm = "RS256"
        self.error = ""
        self.asked: list[str] = []

    def allow(self, query: dict[str, str]) -> str:
        """Where the browser goes next."""
        back = {"state": query["state"]}
        if self.error:
            back["error"] = self.error
        else:
            back["code"] = secrets.token_urlsafe()
            self.codes[back["code"]] = query
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def redeem(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None:
            return 400, {"error": "invalid_grant"}
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        right = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if asked["code_challenge_method"] != "S256" or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        if not right or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_client"}
        return 200, {"access_token": "t", "token_type": "Bearer", "id_token": self.token_for(asked)}

    def token_for(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        said = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "sub": self.person["sub"],
            "nonce": asked["nonce"],
            **self.id_token,
        }
        return jwt.encode(said, self.key, self.algorithm, headers={"kid": "one"})


class Endpoint(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        at = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(at.query).items()}
        self.server.asked.append(at.path)
        if at.path == "/.well-known/openid-configuration":
            said = {**addresses(self.server.issuer), **self.server.discovery}
            self.say(200, {name: value for name, value in said.items() if value is not None})
        elif at.path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            self.say(200, {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]})
        elif at.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.server.allow(query))
            self.end_headers()
        elif at.path == "/userinfo" and self.headers["Authorization"] == "Bearer t":
            self.say(200, {**self.server.person, **self.server.userinfo})
        else:
            self.say(404, {})

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(sent).items()}
        self.say(*self.server.redeem(form))

    def say(self, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: Any) -> None:
        pass


def addresses(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
    }


@contextmanager
def serving() -> Iterator[Provider]:
    provider = Provider()
    thread = threading.Thread(target=provider.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        provider.shutdown()
        thread.join()
        provider.server_close()
