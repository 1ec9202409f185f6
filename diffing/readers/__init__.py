"""Bytes into documents, one reader a format; what a format needs more than a file for has a folder."""

READERS = ("html.reader", "pdf.reader", "spreadsheets.reader", "csv", "json", "text", "zip")
"""The modules that read a format, by their names below this package."""
