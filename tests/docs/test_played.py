"""What peers said is kept where the monitor's part of a document is made anew."""

from docs.making.played import with_kept_peers, with_round

MADE = """# Noise

**Of 2 traps alerted: the monitor 0.**

| trap | monitor |
| --- | --- |
| a | nothing |
| b | rows-vanished |

## 1. Rows

- high `rows-vanished`: two rows are gone
"""
KEPT = """# Noise

**Of 1 traps alerted: the monitor 1, urlwatch 1.**

| trap | monitor | urlwatch 2.29 |
| --- | --- | --- |
| a | text-changed | a diff |

## 1. Rows

- high `rows-vanished`: one row is gone

urlwatch: a diff
"""
WHOLE = """# Noise

**Of 2 traps alerted: the monitor 0, urlwatch 1.**

| trap | monitor | urlwatch 2.29 |
| --- | --- | --- |
| a | nothing | a diff |
| b | rows-vanished | not played |

## 1. Rows

- high `rows-vanished`: two rows are gone

urlwatch: a diff
"""


def test_columns_tallies_and_passages_of_peers_are_kept() -> None:
    assert with_kept_peers(MADE, KEPT) == WHOLE
    assert with_kept_peers(MADE, WHOLE) == WHOLE


def test_the_round_stands_between_its_marks() -> None:
    text = "before <!-- begin: demo -->\nx\n<!-- end: demo --> after"
    told = "1 May 2010\n\n10 August 2010: fell\n  HIGH\n  (quiet)\n\nend"
    assert with_round(text, told) == (
        "before <!-- begin: demo -->\n```\n10 August 2010: fell\n  HIGH\n```\n<!-- end: demo --> after"
    )
