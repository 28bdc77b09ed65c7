"""What can go wrong, as a small tree, and the one table that turns it into HTTP."""

from __future__ import annotations

from collections.abc import Mapping


class ServiceError(Exception):
    """A fault with a plain sentence for whoever caused it. `field` and `expected` say where and what is
    right."""

    code = "error"

    def __init__(self, message: str, *, field: str | None = None, expected: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.expected = expected

    def to_json(self) -> dict[str, dict[str, str | None]]:
        """The problem as every API answer carries it."""
        body = {"code": self.code, "field": self.field, "message": self.message, "expected": self.expected}
        return {"error": body}


class SettingsError(ServiceError):
    """A setting is missing, malformed or unsafe."""

    code = "settings"


class NotReady(ServiceError):
    """Something that must be built or running first is not there."""

    code = "not_ready"


class InvalidInput(ServiceError):
    """The caller sent something that does not fit; the field is named."""

    code = "invalid_input"


class NotFound(ServiceError):
    """No such thing, or it is somebody else's: the two look alike from outside."""

    code = "not_found"


class SignInNeeded(ServiceError):
    """The caller must sign in first."""

    code = "sign_in"


class Forbidden(ServiceError):
    """The caller has not shown that it may do this."""

    code = "forbidden"


class TooLarge(ServiceError):
    """The body is larger than the limit."""

    code = "too_large"


class TooMany(ServiceError):
    """Too many requests; `retry_after` seconds from now it may work."""

    code = "too_many"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StoreUnavailable(ServiceError):
    """The database could not take or give the record in time; nothing was accepted."""

    code = "store_unavailable"


class StaleCase(ServiceError):
    """The case changed since it was loaded; load it again."""

    code = "stale_case"


class RelayFault(ServiceError):
    """Rasa gave no usable answer within its budget."""

    code = "relay_fault"


STATUS: Mapping[type[ServiceError], int] = {
    InvalidInput: 422,
    NotFound: 404,
    SignInNeeded: 401,
    Forbidden: 403,
    TooLarge: 413,
    TooMany: 429,
    StaleCase: 409,
    StoreUnavailable: 503,
    NotReady: 503,
}


def status_of(error: ServiceError) -> int:
    """The HTTP status of an error; 500 for what is not the caller's to know."""
    return STATUS.get(type(error), 500)
