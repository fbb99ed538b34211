"""Lets failed assertions of the suites be explained like those of test files."""

import pytest

pytest.register_assert_rewrite("tests.contract.suites")
