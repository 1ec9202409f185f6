from __future__ import annotations

from diffing.readers.pdf.fold import unfold
from tests.diffing.readers.pdf.placed import table, texts_of


def test_blocks_under_one_repeated_header_are_put_under_each_other() -> None:
    folded = table([("Age", "Held", "Age", "Held"), ("18", "5", "20", "7"), ("19", "6", "21", "8")])
    assert texts_of(unfold(folded)) == [("Age", "Held"), ("18", "5"), ("19", "6"), ("20", "7"), ("21", "8")]


def test_repeated_heads_beside_a_label_column_stay() -> None:
    wide = table([("County", "Held", "Moved", "Held", "Moved"), ("Bexar", "1", "2", "3", "4")])
    assert unfold(wide) == wide


def test_repeated_keys_are_no_fold() -> None:
    wide = table([("Share", "Held", "Share", "Held"), ("5%", "5", "5%", "7"), ("6%", "6", "6%", "8")])
    assert unfold(wide) == wide
