"""How operators hear of trouble where archive, outbox or mail server are themselves what broke.

Three ways that need none of them: the lines that a command writes to standard error, which cron mails and
systemd keeps; ``health_ping`` with ``/fail`` behind it; and this machine's ``sendmail``, to ``local_mail``.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cli.configuration.model import Configuration

_SENDMAIL_IN: Final = ("/usr/sbin", "/usr/lib", "/usr/local/sbin")
_SECONDS: Final = 30
_ONCE_A: Final = dt.timedelta(days=1)
_MARK: Final = "local-mail-sent"


def cry(configuration: Configuration, lines: Sequence[str], *, at: dt.datetime) -> tuple[str, ...]:
    """Tell operators of ``lines`` by ping and local mail; returns a line for each way that failed too."""
    trouble = "\n".join(lines)
    return tuple(
        said
        for said in (signal(configuration, "fail", trouble=trouble), _mail(configuration, trouble, at=at))
        if said is not None
    )


def signal(configuration: Configuration, sign: str, *, trouble: str = "") -> str | None:
    """Ask the timer's address with ``sign`` behind it; a line where that failed, which never holds the address."""
    if configuration.health_ping is None:
        return None
    from watchers.fetching.ping import ping

    try:
        ping(configuration.health_ping, sign=sign, trouble=trouble)
    except OSError as error:
        return f"the health ping failed: {error}"
    return None


def _mail(configuration: Configuration, trouble: str, *, at: dt.datetime) -> str | None:
    """One mail a day to a mailbox of this machine; what went before is known by the age of a file."""
    mark = configuration.data / _MARK
    if configuration.local_mail is None or _is_fresh(mark, at=at):
        return None
    program = shutil.which("sendmail", path=os.pathsep.join(_places()))
    if program is None:
        return "local_mail: this machine has no sendmail"
    to = configuration.local_mail
    letter = f"To: {to}\nSubject: Release monitor: something is not delivered\n\n{trouble}\n"
    try:
        subprocess.run(  # noqa: S603 - the settings allow letters of a mailbox only
            [program, "-i", "--", to], input=letter.encode(), timeout=_SECONDS, check=True, capture_output=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"local_mail: {error}"
    with suppress(OSError):  # a full disk may be what the mail is about
        mark.touch()
        os.utime(mark, (at.timestamp(), at.timestamp()))
    return None


def _is_fresh(mark: Path, *, at: dt.datetime) -> bool:
    with suppress(OSError):
        return dt.timedelta() <= at - dt.datetime.fromtimestamp(mark.stat().st_mtime, dt.UTC) < _ONCE_A
    return False


def _places() -> Iterator[str]:
    yield os.environ.get("PATH", os.defpath)
    yield from _SENDMAIL_IN
