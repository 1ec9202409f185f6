"""The chain as files that anyone can check without this program."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from state.ledger.entries import Head
from state.ledger.stamp_checks import Stamp
from state.reading.captures import ChainLink


def chain_files(links: Iterable[ChainLink]) -> tuple[bytes, bytes]:
    """The entries as lines: their texts (canonical JSON), and the digests that each must have, in one order."""
    texts, digests = [], []
    for link in links:
        texts.append(link.text + b"\n")
        digests.append(f"{link.entry}\n".encode())
    return b"".join(texts), b"".join(digests)


def head_file(head: Head) -> bytes:
    """The head as ``verify --head`` prints it."""
    return f"{head.seq}:{head.entry}\n".encode()


def stamp_files(stamps: Sequence[Stamp]) -> dict[str, bytes]:
    """Replies of authorities as they came, by a file name that tells entry and authority."""
    files = {}
    for number, each in enumerate(stamps, start=1):
        host = re.sub(r"[^a-z0-9.-]", "", (urlsplit(each.authority).hostname or "authority").lower())
        files[f"entry-{each.seq}-{number}-{host}.tsr"] = each.reply
    return files
