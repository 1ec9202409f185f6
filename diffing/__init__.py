"""Releases into findings: pure functions, without network, database or clock."""
