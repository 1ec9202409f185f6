import io
import zipfile

import pytest

from diffing.readers import zip
from state.document import ReadingHints
from state.errors import ReadingError
from tests.diffing.workbooks import make_workbook, put


def zipped(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return stream.getvalue()


def read(members):
    return zip.read(zipped(members), hints=ReadingHints())


def test_members_are_read_by_the_reader_of_their_suffix_and_told_apart():
    book = make_workbook(lambda sheet: put(sheet, "A1", [["Area", "Count"], ["Atlanta", 5], ["Boston", 6]]))
    document = read({"a.csv": "State,Count\nTX,5\nCA,6\n", "sub/b.xlsx": book, "c.json": '[{"x": "a", "n": 1}]'})
    assert [table.sheet for table in document.tables] == ["a.csv", "sub/b.xlsx: Data", "c.json"]
    assert document.metadata["members"] == "a.csv, sub/b.xlsx, c.json"


def test_a_lone_member_is_the_document():
    document = read({"data_2025.csv": "State,Count\nTX,5\nCA,6\n", "__MACOSX/._data": b"", ".hidden": b""})
    assert (document.media_type, document.tables[0].sheet) == ("text/csv", None)


def test_members_that_cannot_be_read_are_told():
    document = read(
        {"a.csv": "State,Count\nTX,5\nCA,6\n", "b.xlsx": b"PK but no zip", "c.exe": b"MZ", "d.zip": zipped({})}
    )
    assert len(document.tables) == 1
    assert [remark.split("'")[1] for remark in document.remarks] == ["b.xlsx", "c.exe", "d.zip"]


def test_archives_that_hold_nothing_readable_are_refused():
    with pytest.raises(ReadingError, match="nothing that can be read"):
        read({"c.exe": b"MZ"})
    with pytest.raises(ReadingError, match="damaged"):
        zip.read(b"PK\x03\x04 nothing", hints=ReadingHints())


def test_archives_with_too_many_members_are_refused():
    with pytest.raises(ReadingError, match="501 members"):
        read({f"{number}.csv": "a,b\n1,2\n" for number in range(zip.MAX_MEMBERS + 1)})


def test_archives_that_unpack_to_too_much_are_refused():
    members = {"a.csv": b"0" * 100_000, "b.csv": b"0" * 100_000}
    with pytest.raises(ReadingError, match="unpacks to more"):
        zip.read(zipped(members), hints=ReadingHints(), limit=150_000)


def test_encrypted_archives_are_refused():
    body = bytearray(zipped({"a.csv": "a,b\n1,2\n"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.find(signature) + offset] |= 1
    with pytest.raises(ReadingError, match="password"):
        zip.read(bytes(body), hints=ReadingHints())
