"""PC-Axis whose rows bear their keys."""

from __future__ import annotations

import pytest

from diffing.extract import extract
from state.document import Document, ReadingHints
from state.errors import ReadingError

HEAD = (
    'CHARSET="ANSI";\nTITLE="Landings by port and gear";\nSTUB="port","gear";\nHEADING="year";\n'
    'VALUES("port")="Anker","Brae";\nVALUES("gear")="Nets","Lines";\nVALUES("year")="2031","2032";\n'
    'CODES("port")="01","02";\nKEYS("port")=CODES;\nKEYS("gear")=VALUES;\nDATA=\n'
)


def read(data: str) -> Document:
    return extract((HEAD + data).encode(), media_type="", hints=ReadingHints(file_name="landings.px"))


@pytest.mark.parametrize(
    "data",
    [
        '"01","Nets",12,"..";\n"02","Lines",7,8;\n',
        '"01","Nets",12 ".."\n"02","Lines",7 8;\n',
        '"02","Lines",7 8 \n"01","Nets",12 ".." \n;',
    ],
)
def test_rows_stand_where_their_keys_say_and_those_left_out_hold_noughts(data: str) -> None:
    (table,) = read(data).tables
    assert dict(zip(table.row_keys, (row[-1] for row in table.rows), strict=True)) == {
        "Anker / Nets / 2031": 12,
        "Anker / Nets / 2032": "..",
        "Anker / Lines / 2031": 0,
        "Anker / Lines / 2032": 0,
        "Brae / Nets / 2031": 0,
        "Brae / Nets / 2032": 0,
        "Brae / Lines / 2031": 7,
        "Brae / Lines / 2032": 8,
    }


@pytest.mark.parametrize("data", ['"09","Nets",1,2;', '"01","Nets",1;', '"01","Nets",1,2,3;'])
def test_keys_and_rows_that_do_not_fit_are_refused_with_a_reason(data: str) -> None:
    with pytest.raises(ReadingError, match=r"key|cells"):
        read(data)
