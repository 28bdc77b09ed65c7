"""Generated requests to every contract: no fault of ours, no answer beside the description, no leak."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import schemathesis

# Loaded with the file: after a recursion error in another test, Python 3.11 cannot compile imports.
import schemathesis.specs.openapi.schemas
from hypothesis import HealthCheck, given
from hypothesis import settings as generate
from schemathesis.specs.openapi.checks import positive_data_acceptance

from service.app import create_app
from service.parts import Parts
from service.settings import Settings

EXAMPLES = 25
SERVER_FAULT = 500
LEAKS = ("Traceback", "site-packages", "SELECT ", "sqlite", "/service/")


def test_every_contract_keeps_to_its_description(
    join: Callable[[Settings], Parts], settings: Callable[..., Settings]
) -> None:
    limits = {"rate_messages": "100000/minute", "rate_address": "100000/minute", "max_waiting": 10_000}
    parts = join(settings(**limits))
    described = schemathesis.openapi.from_asgi("/openapi.json", create_app(parts))
    contracts = [found.ok() for found in described.get_all_operations()]
    assert len(contracts) >= 10
    for contract in contracts:

        @given(case=contract.as_strategy())
        @generate(
            max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def holds(case: Any) -> None:
            # A pack or fact that the schema cannot know is refused in words: that is the contract.
            response = case.call_and_validate(excluded_checks=[positive_data_acceptance])
            assert response.status_code < SERVER_FAULT
            assert not any(leak in response.text for leak in LEAKS)

        holds()
    parts.store.close()
