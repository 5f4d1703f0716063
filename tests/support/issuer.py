"""An OpenID Connect issuer on the loopback address: it describes itself, shows its keys, and signs tokens."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

AUDIENCE = "longhaul-api"


class Issuer:
    """Use as a context manager. `requests` are the paths that were asked for; `is_down` has it answer 503."""

    def __init__(self):
        self.keys = {}
        self.requests = []
        self.is_down = False
        self.described_as = None
        self.extra_keys = []
        handler = type("Handler", (_Handler,), {"issuer": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/realm"
        self.add_key("first", RSAKey.generate_key(2048))

    def __enter__(self):
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def add_key(self, kid, key):
        self.keys[kid] = key

    def add_elliptic_key(self, kid):
        self.add_key(kid, ECKey.generate_key("P-256"))

    def listed(self):
        public = [{**key.as_dict(private=False), "kid": kid, "use": "sig"} for kid, key in self.keys.items()]
        return {"keys": [*public, *self.extra_keys]}

    def claims(self, **changes):
        now = int(time.time())
        told = {"iss": self.url, "aud": AUDIENCE, "sub": "248289761001", "iat": now, "exp": now + 300}
        return {name: value for name, value in (told | changes).items() if value is not None}

    def token(self, *, kid="first", alg="RS256", key=None, header=None, **changes):
        """Return a signed token; a claim of None is left out."""
        told = {"alg": alg, **({} if kid is None else {"kid": kid}), **(header or {})}
        signer = key or self.keys[kid or "first"]
        return jwt.encode(told, self.claims(**changes), signer, algorithms=[alg])


class _Handler(BaseHTTPRequestHandler):
    issuer: Issuer

    def do_GET(self):
        self.issuer.requests.append(self.path)
        if self.issuer.is_down:
            return self._answer(503, {})
        if self.path == "/realm/.well-known/openid-configuration":
            described = {
                "issuer": self.issuer.described_as or self.issuer.url,
                "jwks_uri": self.issuer.url + "/keys",
            }
            return self._answer(200, described)
        if self.path == "/realm/keys":
            return self._answer(200, self.issuer.listed())
        return self._answer(404, {})

    def _answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass
