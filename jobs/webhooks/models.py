"""What a user says about a webhook, and what is shown of its delivery."""

import base64
import binascii
import hashlib
import hmac
import re
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FieldSerializationInfo,
    SecretStr,
    field_serializer,
    model_validator,
)

from jobs.errors import BadInput
from jobs.webhooks.addresses import is_public, literal_address, names_a_private_host

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what every secret begins with, not one of them
FEWEST_SECRET_BYTES: Final = 24  # both bounds are those of the specification
MOST_SECRET_BYTES: Final = 64
LONGEST_URL: Final = 2048
# The context in which parameters are dumped for the record, their secret written out. Every other dump of
# them shows asterisks.
FOR_RECORD: Final = {"secrets": True}
DEFAULT_PORTS: Final = {"http": 80, "https": 443}

# What parsers may read in different ways is not taken: spaces, control characters, backslashes, non-ASCII.
PLAIN_URL = re.compile(r"[!-\[\]-~]+")
HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_][a-z0-9_-]{0,62})*\.?", re.IGNORECASE)


def _checked_url(url: str) -> str:
    if not PLAIN_URL.fullmatch(url):
        raise ValueError(
            "an address is made of printable ASCII characters without spaces and backslashes; write others "
            "as %XX, and a name in another alphabet as xn--..."
        )
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError("the address must begin with https:// or http://")
    if "@" in parts.netloc:
        raise ValueError("the address must not hold a user name or password; the signature says who sends")
    if parts.fragment:
        raise ValueError("the address must not have a fragment (#...): it would never reach the server")
    host = parts.hostname or ""
    if literal_address(host) is None and (not HOST_NAME.fullmatch(host) or len(host) > 253):
        raise ValueError("the address has no usable host name")
    if parts.port == 0:  # urlsplit itself refuses what is no port at all
        raise ValueError("the port must be between 1 and 65535")
    return url


def _key(secret: str) -> bytes:
    """Return the bytes that a written secret stands for; say what is wrong without repeating it."""
    if not secret.startswith(SECRET_PREFIX):
        raise ValueError(f"a secret begins with {SECRET_PREFIX}, followed by base64")
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError(f"what follows {SECRET_PREFIX} is no base64") from error
    if not FEWEST_SECRET_BYTES <= len(key) <= MOST_SECRET_BYTES:
        raise ValueError(
            f"a secret is {FEWEST_SECRET_BYTES} to {MOST_SECRET_BYTES} random bytes, this one is {len(key)}"
        )
    return key


def _checked_secret(secret: SecretStr) -> SecretStr:
    _key(secret.get_secret_value())
    return secret


class Webhook(BaseModel):
    """Where to send a message once the job has ended, and the secret that signs it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[str, AfterValidator(_checked_url)] = Field(
        max_length=LONGEST_URL, description="https:// (or http://) address that takes a POST."
    )
    secret: Annotated[SecretStr, AfterValidator(_checked_secret)] = Field(
        description="whsec_ and 24 to 64 random bytes in base64. Every delivery is signed with it."
    )

    @model_validator(mode="before")
    @classmethod
    def _never_unsigned(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.get("secret") is None:
            raise ValueError(
                "a webhook needs a `secret` (whsec_ and 24 to 64 random bytes in base64): deliveries are "
                "always signed, for without it your receiver could not tell ours from anybody's"
            )
        return value

    @property
    def parts(self) -> SplitResult:
        """The address, taken apart."""
        return urlsplit(self.url)

    @property
    def host(self) -> str:
        """The host's name or literal address, without brackets."""
        return self.parts.hostname or ""

    @property
    def port(self) -> int:
        """The port, written or the scheme's own."""
        return self.parts.port or DEFAULT_PORTS[self.parts.scheme]

    def signature(self, message_id: str, timestamp: int, body: bytes) -> str:
        """Return the value of the header `webhook-signature`; `timestamp` in Unix seconds."""
        signed = f"{message_id}.{timestamp}.".encode() + body
        digest = hmac.new(_key(self.secret.get_secret_value()), signed, hashlib.sha256).digest()
        return "v1," + base64.b64encode(digest).decode()

    @field_serializer("secret")
    def _hidden(self, secret: SecretStr, info: FieldSerializationInfo) -> str:
        return secret.get_secret_value() if info.context == FOR_RECORD else str(secret)


class WebhookState(BaseModel):
    """How the delivery stands; null until the job has ended."""

    model_config = ConfigDict(frozen=True)

    state: Literal["pending", "delivered", "failed"]
    attempts: int = 0
    last_attempt_at: datetime | None = None
    next_attempt_at: datetime | None = Field(None, description="While it is pending.")
    last_error: str | None = Field(None, description="Why the last attempt did not deliver it.")


def check(webhook: Webhook, *, private_addresses: bool) -> None:
    """Refuse at once an address that can be seen to be private. Names are looked up at each delivery.

    Parameters
    ----------
    private_addresses : bool
        Whether this service delivers to such addresses.

    Raises
    ------
    BadInput
        The address is private, and the service does not deliver to it.
    """
    if private_addresses:
        return
    address = literal_address(webhook.host)
    private = names_a_private_host(webhook.host) if address is None else not is_public(address)
    if private:
        raise BadInput(
            "webhook.url: this service does not deliver to private addresses; give one that the Internet "
            "reaches."
        )
