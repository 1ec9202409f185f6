"""Documents as large as data desks meet: made here, the same each time.

    python -m benchmarks.making.large_documents FOLDER

A CSV of 3,000,000 rows and 9 columns (194 MB), a workbook of 700,000 rows and 12 columns (41 MB), a PDF of 500
pages.
"""

from __future__ import annotations

import random
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

CSV_ROWS, WORKBOOK_ROWS, PAGES = 3_000_000, 700_000, 500
STATES = ("TX", "CA", "LA", "GA", "AZ", "FL", "NY", "IL")
OFFENCES = ("Assault", "Burglary", "Larceny", "Robbery", "Fraud", "Trespass", "Vandalism")
_CHUNK = 50_000


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for make, name in ((make_csv, "large.csv"), (make_workbook, "large.xlsx"), (make_pdf, "large.pdf")):
        make(folder / name)
        print(f"{name}: {(folder / name).stat().st_size / 1e6:.0f} MB")


def make_csv(path: Path, rows: int = CSV_ROWS) -> None:
    chance = random.Random(31)
    with path.open("w", newline="") as file:
        file.write("Incident,County,State,Offence,Month,Victims,Arrests,Loss,Reported\n")
        for start in range(0, rows, _CHUNK):
            file.writelines(_record(chance, index) for index in range(start, min(start + _CHUNK, rows)))


def _record(chance: random.Random, index: int) -> str:
    draw = chance.random()
    number = int(draw * 1e9)
    return (
        f"I-{index:08d},County {index % 3143},{STATES[index % 8]},{OFFENCES[number % 7]},"
        f"{2015 + index % 10}-{number % 12 + 1:02d},{number % 4},{number % 3},{draw * 9000:.2f},"
        f"{2015 + index % 10}-{number % 12 + 1:02d}-{number % 28 + 1:02d}\n"
    )


def make_workbook(path: Path, rows: int = WORKBOOK_ROWS) -> None:
    """A workbook with one sheet, its texts shared, as spreadsheet programs write it."""
    texts = [
        *(
            "Id",
            "Facility",
            "State",
            "Offence",
            "Month",
            "Beds",
            "Held",
            "Released",
            "Rate",
            "Cost",
            "Days",
            "Status",
        ),
        *(f"Facility {number}" for number in range(900)),
        *STATES,
        *OFFENCES,
        *(f"{year}-{month:02d}" for year in range(2015, 2025) for month in range(1, 13)),
        *("open", "closed", "paused"),
    ]
    places = {text: place for place, text in enumerate(texts)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, body in _PARTS.items():
            archive.writestr(name, body)
        items = "".join(f"<si><t>{text}</t></si>" for text in texts)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}" count="{len(texts)}">{items}</sst>')
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            head = "".join(f'<c r="{_LETTERS[place]}1" t="s"><v>{place}</v></c>' for place in range(12))
            sheet.write(f'<row r="1">{head}</row>'.encode())
            for line in _sheet_rows(rows, places):
                sheet.write(line.encode())
            sheet.write(b"</sheetData></worksheet>")


def _sheet_rows(rows: int, places: dict[str, int]) -> Iterator[str]:
    chance = random.Random(32)
    statuses = ("open", "closed", "paused")
    for index in range(rows):
        number, row = int(chance.random() * 1e9), index + 2
        words = (
            *(f"Facility {index % 900}", STATES[index % 8], OFFENCES[number % 7]),
            f"{2015 + index % 10}-{number % 12 + 1:02d}",
        )
        cells = [f'<c r="A{row}"><v>{100_000 + index}</v></c>']
        cells += [
            f'<c r="{_LETTERS[at]}{row}" t="s"><v>{places[word]}</v></c>' for at, word in enumerate(words, start=1)
        ]
        figures = (
            number % 900,
            number % 700,
            number % 90,
            f"{number % 1000 / 10:g}",
            number % 99_991,
            number % 366,
        )
        cells += [f'<c r="{_LETTERS[at]}{row}"><v>{figure}</v></c>' for at, figure in enumerate(figures, start=5)]
        cells.append(f'<c r="L{row}" t="s"><v>{places[statuses[number % 3]]}</v></c>')
        yield f'<row r="{row}">{"".join(cells)}</row>'


def make_pdf(path: Path, pages: int = PAGES) -> None:
    """A report whose pages each have a heading, a paragraph and a ruled table of forty rows."""
    from reportlab.lib.pagesizes import letter
    from reportlab.pdfgen.canvas import Canvas

    chance = random.Random(33)
    canvas = Canvas(str(path), pagesize=letter, invariant=1)
    columns = (72, 230, 300, 370, 440, 510)
    for page in range(1, pages + 1):
        canvas.setFont("Helvetica-Bold", 13)
        canvas.drawString(72, 740, f"Detention by county, part {page}")
        canvas.setFont("Helvetica", 9)
        canvas.drawString(
            72, 722, f"The table lists counties {page * 40 - 39} to {page * 40}, as of June 30, 2024."
        )
        for row in range(41):
            height = 700 - row * 15
            head = ("County", "Beds", "Held", "Released", "Deaths")
            cells = (f"County {page * 40 + row}", *(f"{chance.randrange(20_000):,}" for _ in range(4)))
            for place, text in zip(columns, cells if row else head, strict=False):
                canvas.drawString(place, height, text)
            canvas.line(70, height - 4, 560, height - 4)
        canvas.showPage()
    canvas.save()


_LETTERS = "ABCDEFGHIJKL"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    f'ContentType="{_TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
    f'ContentType="{_TYPE}.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" '
    f'ContentType="{_TYPE}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Beds" sheetId="1" '
    'r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
    f'Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}

if __name__ == "__main__":
    main()
