"""What all suites share: their failures are explained, and kinds are named once.

A suite's test that takes a `kind` runs for each of its class's `kinds`.
"""

import pytest

pytest.register_assert_rewrite("tests.contract.suites")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    kinds = getattr(metafunc.cls, "kinds", None)
    if kinds and "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", kinds, ids=str)
