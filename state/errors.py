"""The error tree: every error that a person may meet says what is wrong and what to do.

Expected failures of the outside world (a 403, a broken PDF) are values or findings, not errors that
end a round; what ends a round for one source is a ``StoreError`` or a bug.
"""

from __future__ import annotations

import sqlite3

UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""What reading a damaged file raises: SQLite's errors, and Python's where their words quote what is no UTF-8."""


class MonitorError(Exception):
    """Base of all errors of this program; ``str(error)`` is one line that a person can act on."""


class ConfigError(MonitorError):
    """The configuration or a source file is wrong; the message names file, line and remedy."""


class ReadingError(MonitorError):
    """A document could not be read; the message is the reason that ``source-unreadable`` gives."""


class OutOfTime(ReadingError):
    """A document took longer to read than it was given."""


class TakesLong(MonitorError):
    """A source takes longer to judge than others should wait for; it is judged by itself."""


class PartialAnswer(ReadingError):
    """A document says of itself that it is only a part of what was asked for: what it lacks has not left."""


class FetchRefused(MonitorError):
    """An address that the fetcher must not contact (private, loopback, not http), with the reason."""


class StoreError(MonitorError):
    """The archive could not keep or return something; the round ends for that source."""


class BytesPruned(StoreError):
    """Bytes that were let go by a policy of those who keep the archive; the message says when and which."""


class LeftForLater(MonitorError):
    """A source that a round did not come to; the next one looks at it first."""


class LockHeld(MonitorError):
    """Another round holds the lock; the command ends with exit status 75."""
