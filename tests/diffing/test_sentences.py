import pytest

from diffing.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("St. Mary has one. Two follow.", ["St. Mary has one.", "Two follow."]),
        ("See Sec. 287 of the Act. Next.", ["See Sec. 287 of the Act.", "Next."]),
        ("Rate of 1.5 per cent. Next: 2.", ["Rate of 1.5 per cent.", "Next: 2."]),
        ("First line\nSecond line", ["First line", "Second line"]),
        ("Categories: • Adults • Families", ["Categories:", "• Adults", "• Families"]),
        (
            "Held since Feb. 24, 2023 in El Paso. Then moved.",
            ["Held since Feb. 24, 2023 in El Paso.", "Then moved."],
        ),
        ("See 8 U.S.C. 1357 et seq. Then appeal.", ["See 8 U.S.C. 1357 et seq. Then appeal."]),
        ("As in Doe v. Roe, it holds.", ["As in Doe v. Roe, it holds."]),
        ("A. PARTIES", ["A. PARTIES"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, sentences):
    assert split_sentences(text) == sentences
