import io
import random
import zipfile

import openpyxl
import pytest
import xlwt
from openpyxl.comments import Comment

from diffing.readers.spreadsheets import reader
from diffing.readers.spreadsheets.ooxml import open_package
from diffing.readers.spreadsheets.sheet import read_sheet
from state.document import DateRole, ReadingHints
from state.errors import ReadingError
from state.formats import XLSX
from tests.diffing.workbooks import edited, make_workbook, names, only, put, saved

HINTS = ReadingHints()
ROWS = [["Arrests: FY2024, as of 12/31/2023"], ["Area", "Count"], ["Atlanta", 5], ["Boston", 7]]


def plain():
    return make_workbook(lambda sheet: put(sheet, "A1", ROWS))


def in_sheet(body, before, after):
    """A workbook with a piece of its first sheet's XML replaced."""

    def edit(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        assert before in content
        return content.replace(before, after)

    return edited(body, edit)


def test_a_workbook_gives_tables_dates_and_metadata():
    document = reader.read(plain(), hints=HINTS)
    (table,) = document.tables
    assert (table.sheet, table.range, table.row_keys) == ("Data", "A2:B4", ("Atlanta", "Boston"))
    assert [(stated.role, str(stated.date)) for stated in document.dates] == [(DateRole.AS_OF, "2023-12-31")]
    assert document.metadata["sheets"] == "Data"
    assert document.metadata["creator"] == "openpyxl"
    assert document.media_type == XLSX


def test_hidden_sheets_are_read_and_said_to_be_hidden():
    book = openpyxl.Workbook()
    put(book.active, "A1", ROWS)
    for title, state in (("Old", "hidden"), ("Older", "veryHidden")):
        put(book.create_sheet(title), "A1", ROWS)
        book[title].sheet_state = state
    document = reader.read(saved(book), hints=HINTS)
    assert [table.hidden for table in document.tables] == [False, True, True]
    assert document.metadata["hidden sheets"] == "Old, Older"
    assert "The sheet 'Older' is deeply hidden; it was read." in document.remarks


def test_hidden_rows_and_columns_are_read_and_told():
    def fill(sheet):
        put(sheet, "A1", ROWS)
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    document = reader.read(make_workbook(fill), hints=HINTS)
    assert document.tables[0].row_keys == ("Atlanta", "Boston")
    assert "The sheet 'Data' has 1 hidden row with content; read." in document.remarks
    assert "The sheet 'Data' has 1 hidden column with content; read." in document.remarks


def test_comments_and_protection_are_kept():
    def fill(sheet):
        put(sheet, "A1", ROWS)
        sheet["B3"].comment = Comment("Revised in May", "ICE")
        sheet.protection.enable()

    document = reader.read(make_workbook(fill), hints=HINTS)
    (note,) = [block for block in document.blocks if block.kind == "note"]
    assert (note.text, note.heading) == ("Revised in May", ("Comment on B3",))
    assert document.metadata["protected"] == "Data"


def with_shared_strings(body):
    """The workbook with the label of its third row in a part of shared texts, as Office writes it."""
    texts = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>unused</t></si>'
        b"<si><r><t>At</t></r><r><t>lanta _x0041_</t></r><rPh><t>no</t></rPh></si></sst>"
    )
    body = in_sheet(body, b'<c r="A3" t="inlineStr"><is><t>Atlanta</t></is></c>', b'<c r="A3" t="s"><v>1</v></c>')
    relation = (
        b'<Relationship Id="rId99" Target="sharedStrings.xml" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    body = edited(
        body,
        lambda name, content: content.replace(b"</Relationships>", relation) if name.endswith("workbook.xml.rels")
        else None if name.endswith("sharedStrings.xml") else content,
    )  # fmt: skip
    stream = io.BytesIO(body)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", texts)
    return stream.getvalue()


def test_shared_text_in_pieces_is_read():
    assert reader.read(with_shared_strings(plain()), hints=HINTS).tables[0].row_keys[0] == "Atlanta A"


def test_values_of_formulas_are_those_that_were_saved():
    body = in_sheet(plain(), b'<c r="B3" t="n"><v>5</v></c>', b'<c r="B3"><f>SUM(A1:A9)</f><v>41</v></c>')
    assert reader.read(body, hints=HINTS).tables[0].rows[0] == ("Atlanta", 41)


def test_cells_without_a_reference_follow_each_other():
    body = edited(
        plain(),
        lambda name, content: (
            content.replace(b' r="A3"', b"").replace(b' r="B3"', b"") if "sheet1" in name else content
        ),
    )
    assert reader.read(body, hints=HINTS).tables[0].rows[0] == ("Atlanta", 5)


def test_prefixed_xml_is_read():
    def edit(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        text = content.decode().replace("<", "<x:").replace("<x:/", "</x:").replace('xmlns="', 'xmlns:x="')
        return text.encode()

    assert reader.read(edited(plain(), edit), hints=HINTS).tables[0].rows[1] == ("Boston", 7)


@pytest.mark.parametrize("place", ["XFC5", "XFC5000", "A1048576", "XFD1048576"])
def test_one_value_far_out_costs_nothing(place):
    def fill(sheet):
        put(sheet, "A1", ROWS)
        sheet[place] = 42

    document = reader.read(make_workbook(fill), hints=HINTS)
    assert document.tables[0].row_keys == ("Atlanta", "Boston")
    assert "42" in [block.text for block in document.blocks]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (b'r="B3"', b'r="EQXD3"', "column that no sheet can have"),
        (b'<row r="3"', b'<row r="99999999"', "row outside of any sheet"),
        (b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', "document type"),
        (b't="n"><v>5</v>', b't="s"><v>999</v>', "refers to a text that the workbook lacks"),
        (b"</sheetData>", b"</sheetDatum>", "damaged"),
        (b"</sheetData>", b" " * 5_000_000 + b"</sheetData>", "more than 4 MB"),
    ],
)
def test_sheets_that_no_program_writes_are_refused_with_the_reason(before, after, reason):
    with pytest.raises(ReadingError, match=reason):
        reader.read(in_sheet(plain(), before, after), hints=HINTS)


def test_a_sheet_that_unpacks_to_too_much_is_refused():
    package = open_package(in_sheet(plain(), b"</sheetData>", b"<row/>" * 1_000_000 + b"</sheetData>"))
    package.left = 5_000_000
    with pytest.raises(ReadingError, match="unpacks to more than"):
        read_sheet(package, package.sheets[0])


def test_a_sheet_with_too_many_cells_is_refused():
    package = open_package(plain())
    with pytest.raises(ReadingError, match="more than 4,000,000 cells"):
        read_sheet(package, package.sheets[0], limit=6)


def test_encrypted_and_foreign_files_are_refused_with_the_reason():
    encrypted = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512
    )
    with pytest.raises(ReadingError, match="protected by a password"):
        reader.read(encrypted, hints=HINTS)
    with pytest.raises(ReadingError, match="no workbook"):
        reader.read(b"%PDF-1.7", hints=HINTS)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "b")
    with pytest.raises(ReadingError, match="no Office workbook"):
        reader.read(stream.getvalue(), hints=HINTS)


def test_macros_are_told_and_not_run():
    stream = io.BytesIO(plain())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xcc\x61")
    document = reader.read(stream.getvalue(), hints=HINTS)
    assert document.remarks == ("The workbook carries macros; they were not run.",)
    assert document.media_type.endswith("macroEnabled.12")
    assert document.tables[0].row_keys == ("Atlanta", "Boston")


@pytest.mark.parametrize("seed", range(60))
def test_damaged_workbooks_are_read_or_refused(seed):
    rng = random.Random(seed)
    body = bytearray(
        make_workbook(lambda sheet: put(sheet, "A1", [*ROWS, *[[f"Place {i}", i] for i in range(300)]]))
    )
    if seed % 3 == 0:
        del body[rng.randrange(len(body)) :]
    else:
        for _ in range(rng.choice([1, 3, 30])):
            body[rng.randrange(len(body))] = rng.randrange(256)
    try:
        document = reader.read(bytes(body), hints=HINTS)
    except ReadingError as error:
        assert str(error)
    else:
        assert document.media_type


def test_the_older_format_is_read():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for row, values in enumerate(ROWS):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    sheet.write_merge(5, 5, 0, 1, "* A note over two columns")
    stream = io.BytesIO()
    book.save(stream)
    document = reader.read(stream.getvalue(), hints=HINTS)
    (table,) = document.tables
    assert (table.name, table.range, table.rows) == (ROWS[0][0], "A2:B4", (("Atlanta", 5), ("Boston", 7)))
    assert table.notes == ("* A note over two columns",)
    assert document.media_type == "application/vnd.ms-excel"


def test_a_damaged_file_of_the_older_format_is_refused():
    with pytest.raises(ReadingError, match="cannot be read"):
        reader.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), hints=HINTS)


def test_a_table_of_the_older_format_stands_where_it_stands():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for row, values in enumerate(ROWS):
        for column, value in enumerate(values):
            sheet.write(row + 6, column + 3, value)
    sheet.write_merge(10, 10, 3, 5, "Source: the field offices")
    stream = io.BytesIO()
    book.save(stream)
    (table,) = reader.read(stream.getvalue(), hints=HINTS).tables
    assert (table.range, table.notes) == ("D8:E10", ("Source: the field offices",))


@pytest.mark.parametrize("seed", range(60))
def test_damaged_workbooks_of_the_older_format_are_read_or_refused(seed):
    rng = random.Random(seed)
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for row in range(200):
        for column in range(5):
            sheet.write(row, column, row * column if column else f"Place {row}")
    stream = io.BytesIO()
    book.save(stream)
    body = bytearray(stream.getvalue())
    if seed % 3 == 0:
        del body[rng.randrange(600, len(body)) :]
    else:
        for _ in range(rng.choice([1, 5, 50])):
            body[rng.randrange(8, len(body))] = rng.randrange(256)
    try:
        reader.read(bytes(body), hints=HINTS)
    except ReadingError as error:
        assert str(error)


def test_a_merge_left_behind_over_moved_rows_is_none():
    def fill(sheet):
        put(sheet, "A1", [["Note above the table."], [], ["County", "Men", "Women"], ["Ash", 5, 6], ["Bex", 7, 8]])

    moved = make_workbook(fill)
    merged = edited(
        moved,
        lambda name, content: (
            content.replace(
                b"</sheetData>",
                b'</sheetData><mergeCells count="2"><mergeCell ref="A3:C3"/><mergeCell ref="A4:B5"/></mergeCells>',
            )
            if name.endswith("sheet1.xml")
            else content
        ),
    )
    plain, left_behind = (reader.read(body, hints=ReadingHints()) for body in (moved, merged))
    assert only(left_behind).rows == only(plain).rows
    assert names(only(left_behind)) == ["County", "Men", "Women"]
