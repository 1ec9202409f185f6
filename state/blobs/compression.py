"""What nearly every small piece of JSON in the archive has in common: the dictionary that it is compressed with.

A finding of 700 bytes is mostly the names of its fields. These bytes must never change: what was compressed with
them could not be read any more. Another dictionary would get a mark of its own.
An archive carries them in its table ``dictionary``, so that it can be read without this program.
"""

from __future__ import annotations

from typing import Final

MARK: Final = b"1"
"""Stands before what was compressed with ``SKELETON``; earlier versions had no dictionary and no mark."""

SKELETON: Final = (
    '[["","Cumulative removals, fiscal year to date: Last updated: '
    '{"term":"","wording":" means is defined as the of and to in detention ","where":{"section":"Definitions"}},'
    '{"before":"","after":null,"state":"changed","changed":[1]},"left_out":0,"unchanged":'
    '{"title":{"before":"","after":""},"tables":[{"name":"","sheet":null,"page":null,"columns":[{"before":"","after":""}],'
    '"rows":[{"key":"","state":"changed","before":["","after":["","changed":[1]}],"texts":[{"section":"","before":"","after":'
    '{"sha256":"0123456789abcdef","url":"https://www.ice.gov/detain/","title":"","as_of":null,"as_of":{"text":"",'
    '"dates":[{"text":"2026-01-01","date":"2026-01-01","role":"last_updated","role":"as_of","where":{"sheet":""},'
    '"flaw":null}],"content":"0123456789abcdef","measures":{"sentences.gone":0,"sentences.added":0,"tables.left":0,'
    '"tables.joined":0,"days":0.0}}'
    '{"name":"","sheet":null,"fiscal_year":null,"as_of":null,"fingerprint":"0123456789abcdef-","formerly":null,'
    '"measures":{}}'
    '"measures":{"rows.left":0,"rows.left.weight":0.0,"rows.joined":0,"rows.total":1,"rows.renamed":0,"columns.left":0,'
    '"columns.joined":0,"columns.renamed":0,"cells.changed":0,"revised.cells":0,"revised.largest":0,"revised.net":0,'
    '"revised.total.net":0,"fell:":1,"rose:":1}}'
    '{"id":"0123456789abcdef01234567","source":"ice/","series":"page","url":"https://www.ice.gov/","kind":"new-release",'
    '"kind":"values-changed","kind":"text-changed","kind":"text-added","kind":"text-vanished","kind":"rows-added",'
    '"kind":"rows-vanished","kind":"past-value-revised","kind":"definition-changed","kind":"metadata-changed",'
    '"severity":"critical","severity":"high","severity":"medium","severity":"low","severity":"info","title":"'
    "Figures or dates moved in 2 sentences, no word did"
    "the words that moved: “” became “” New text: “ values changed in rows of “Table . Population by facility”"
    '","where":{"sheet":null,"page":null,"table":null,"column":null,"row":null,"section":null},"items":[],'
    '"items":[{"row":"","column":"","before":0,"after":0,"difference":-1,"percent":-0.1},{"row":"'
    '{"before":null,"after":"","difference":null,"percent":null}],"count":1,"before":null,"after":null,"confidence":1.0,'
    '"reason":"the release before has no such passage of cells differ"}'
).encode()
