"""What all tests share: how laws are tried."""

from tests.budgets import load_profile

load_profile()
