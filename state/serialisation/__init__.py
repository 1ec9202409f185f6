"""Nouns as stored bytes and as rows, and back."""
