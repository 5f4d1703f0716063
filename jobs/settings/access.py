"""Settings of who may come in, and of how much one user may ask for."""

import ipaddress
import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationInfo, field_validator
from pydantic_settings import NoDecode

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# Signatures that a public key checks. With `none` nobody signs, with HS256 whoever knows the public key does.
ASYMMETRIC = re.compile(r"(?:RS|PS|ES)(?:256|384|512)|EdDSA|Ed25519|Ed448")


class AccessSettings(BaseModel):
    """Where the API may be reached, what one user may use up, and whose tokens it takes besides its own."""

    published: str | None = Field(
        None,
        description="address:port that this process is reached at from outside, where that is not the one it "
        "listens on: of a container, the published one.",
    )
    allow_first_token: bool = Field(
        False,
        description="Whether the API may be reachable from other machines while the token of the first start "
        "is valid.",
    )
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = Field(
        (),
        description="Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas.",
    )
    requests_per_second: float = Field(
        500,
        ge=0,
        description="Requests a second of one user that one API process answers, after 10 s at full speed; "
        "0 for no limit.",
    )
    submits_per_minute: int = Field(
        600, ge=0, description="Jobs that one user may start in a minute; 0 for no limit."
    )
    upload_bytes_per_day: int = Field(
        100_000_000_000, ge=0, description="Bytes that one user may upload in a day; 0 for no limit."
    )
    session_bytes_per_user: int = Field(
        50_000_000_000,
        ge=0,
        description="What the files of all sessions of one user may take; 0 for no limit.",
    )
    held_jobs_per_user: int = Field(
        10_000,
        ge=0,
        description="Jobs of one user that may be held back in one queue; 0 for no limit.",
    )
    refusals_per_minute: int = Field(
        300, ge=0, description="Wrong tokens a minute from one address that are told so; 0 for no limit."
    )
    oidc_issuer: str | None = Field(
        None,
        description="Issuer of OpenID Connect whose tokens are taken too, such as https://id.example.org.",
    )
    oidc_audience: str | None = Field(
        None, validate_default=True, description="The audience (`aud`) that these tokens must be made for."
    )
    oidc_jwks_url: str | None = Field(
        None, description="Where its keys are; by default where the issuer's own description says."
    )
    oidc_user_claim: str = Field("sub", min_length=1, description="The claim that names the user.")
    oidc_role_claim: str | None = Field(
        None,
        description="The claim that lists groups or roles, with dots for steps into it: realm_access.roles.",
    )
    oidc_admin_group: str | None = Field(None, description="The group or role whose members are admins.")
    oidc_scope_claim: str | None = Field(
        None, description="The claim that lists scopes; without it such tokens may do all their user may."
    )
    oidc_algorithms: Annotated[tuple[str, ...], NoDecode] = Field(
        ("RS256", "ES256"), min_length=1, description="Signatures that are taken, separated by commas."
    )
    oidc_leeway_seconds: int = Field(30, ge=0, le=300, description="How far the issuer's clock may be off.")

    @field_validator(
        "published",
        "oidc_issuer",
        "oidc_audience",
        "oidc_jwks_url",
        "oidc_role_claim",
        "oidc_admin_group",
        "oidc_scope_claim",
        mode="before",
    )
    @classmethod
    def _no_empty_text(cls, value: Any) -> Any:
        """Take what is empty for not set: Compose hands on variables that nobody has set as empty ones."""
        return None if value == "" else value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        """Read `10.0.0.1,172.16.0.0/12`."""
        return _parts(value)

    @field_validator("oidc_algorithms", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        """Read `RS256,ES256`."""
        return _parts(value)

    @field_validator("oidc_algorithms")
    @classmethod
    def _asymmetric(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not ASYMMETRIC.fullmatch(name):
                raise ValueError(
                    f"{name!r} is no signature that a public key checks; there are RS256, PS256, ES256, "
                    "their 384 and 512, Ed25519, Ed448 and EdDSA"
                )
        return names

    @field_validator("oidc_issuer", "oidc_jwks_url")
    @classmethod
    def _web_address(cls, address: str | None) -> str | None:
        """Want TLS on the way to keys: whoever can change them there makes tokens for everybody."""
        if address is None:
            return None
        parts = urlsplit(address)
        loopback = parts.hostname in ("127.0.0.1", "::1", "localhost")
        if not parts.hostname or parts.scheme not in (("http", "https") if loopback else ("https",)):
            raise ValueError("the address must begin with https:// (http:// on the loopback address alone)")
        if parts.username is not None or parts.fragment:
            raise ValueError("the address must be without user, password and #")
        return address

    @field_validator("oidc_audience")
    @classmethod
    def _audience_named(cls, audience: str | None, info: ValidationInfo) -> str | None:
        """Want an audience: else a token made for any other service of the issuer would open this one."""
        if info.data.get("oidc_issuer") is not None and audience is None:
            raise ValueError("name the audience that tokens of LONGHAUL_OIDC_ISSUER are made for")
        return audience

    @field_validator("oidc_admin_group")
    @classmethod
    def _role_claim_named(cls, group: str | None, info: ValidationInfo) -> str | None:
        if group is not None and info.data.get("oidc_role_claim") is None:
            raise ValueError("name the claim that lists groups in LONGHAUL_OIDC_ROLE_CLAIM")
        return group


def _parts(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())
