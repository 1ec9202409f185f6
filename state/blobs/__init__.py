"""Bytes and contents, each kept once and compressed."""
