"""What a refusal says in its headers: how to be let in, and when to come again."""

from jobs.errors import InsufficientScope, LonghaulError, RateLimited, Unauthenticated

REALM = 'Bearer realm="longhaul"'


def headers_of(error: LonghaulError) -> dict[str, str]:
    """Return the headers of an error's answer.

    References
    ----------
    RFC 6750, section 3: `WWW-Authenticate`, with no code where no token was sent. RFC 6585, section 4, and
    RFC 9110, section 10.2.3: `Retry-After`.
    """
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": _challenge(error.code, str(error))}
    if isinstance(error, InsufficientScope):
        scope = "" if error.scope is None else f', scope="{error.scope}"'
        return {"WWW-Authenticate": _challenge("insufficient_scope", str(error)) + scope}
    if isinstance(error, RateLimited):
        return {"Retry-After": str(error.retry_after_seconds)}
    return {}


def _challenge(code: str | None, description: str) -> str:
    if code is None:
        return REALM
    plain = "".join(letter for letter in description if " " <= letter <= "~" and letter not in '"\\')
    return f'{REALM}, error="{code}", error_description="{plain}"'
