"""Texts, links and statements of two documents against each other."""
