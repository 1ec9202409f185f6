"""Bytes into documents, one file a format."""
