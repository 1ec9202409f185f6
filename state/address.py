"""Addresses that are one document: what tokens, signatures and times in a query do not tell apart."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_FLEETING: Final = re.compile(
    r"(?:x-(?:amz|goog|ms)-.*|.*(?:token|signature|nonce|session|expir\w*|timestamp|hash|csrf|checksum)"
    r"|sig|ticket|sid|jsessionid|phpsessid|hmac|key-pair-id|awsaccesskeyid|googleaccessid|cb|cachebust\w*|nocache"
    r"|(?:last_?)?(?:updated|modified|mod)(?:_?(?:at|on))?|mtime|ts|build|rev|revision"
    r"|_|rnd|rand|random|utm_.*|itok|v|ver|version)",
    re.IGNORECASE,
)
"""Names of parts of a query that say when, for whom or how often, not what."""

_MOMENT: Final = re.compile(r"\d{10}|\d{13}|\d{4}-\d\d-\d\dT[\d:.]+Z?")
"""Seconds or milliseconds since 1970, or a time of day: no document is named so."""

_RANDOM: Final = re.compile(r"(?=.*[0-9])(?=.*[a-zA-Z])[A-Za-z0-9_\-+/=%.~]{20,}")
_MOST_PARTS: Final = 50  # of a query


def stable_address(url: str) -> str:
    """The address without what changes from look to look though the document does not.

    Left out are parts of the query named as tokens, signatures, sessions, times or versions are, and long values
    at random. A path is never touched. An address without such parts comes back as it is.
    """
    parts = urlsplit(url)
    if not parts.query:
        return url
    try:
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=_MOST_PARTS)
    except ValueError:
        return url
    kept = [(name, value) for name, value in pairs if not _is_fleeting(name, value)]
    return url if len(kept) == len(pairs) else urlunsplit(parts._replace(query=urlencode(kept)))


def _is_fleeting(name: str, value: str) -> bool:
    patterns = ((_FLEETING, name), (_RANDOM, value), (_MOMENT, value))
    return any(pattern.fullmatch(text) for pattern, text in patterns)
