-- The archive's tables. Every statement can be run on an archive that has them already.
-- Times are texts, "2026-02-03T04:05:06.000000Z"; digests of bodies are hexadecimal, other digests are bytes.
-- Tables marked "never changed" have triggers that refuse UPDATE and DELETE: state/append_only.py.
-- Whoever changes a table raises VERSION in state/schema.py and says there how an archive gets there.

-- Bytes: what was received, each body once.

CREATE TABLE IF NOT EXISTS snapshot ( -- never changed
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS snapshot_of_digest ON snapshot (sha256);

CREATE TABLE IF NOT EXISTS packed ( -- the bytes of a snapshot, compressed; gone where they were pruned
    snapshot INTEGER PRIMARY KEY REFERENCES snapshot (id),
    keyframe INTEGER REFERENCES snapshot (id), -- the one that it is compressed against
    data BLOB NOT NULL,
    crc INTEGER -- of data as written
) STRICT;

CREATE TABLE IF NOT EXISTS dictionary ( -- never changed; what packed JSON is compressed with, by its first byte
    mark BLOB PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS keyframe ( -- what new bytes of a chain are compressed against, and what that cost
    chain TEXT PRIMARY KEY,
    snapshot INTEGER REFERENCES snapshot (id),
    used INTEGER,
    cost INTEGER NOT NULL DEFAULT 0, -- bytes
    spent INTEGER NOT NULL DEFAULT 0, -- bytes
    least INTEGER NOT NULL DEFAULT 0 -- bytes
) STRICT;

CREATE TABLE IF NOT EXISTS tombstone ( -- never changed; why bytes were let go
    id INTEGER PRIMARY KEY,
    snapshot INTEGER NOT NULL REFERENCES snapshot (id),
    at TEXT NOT NULL,
    policy TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS tombstone_of_snapshot ON tombstone (snapshot);

-- Captures: every fetch, and the chain that they are entered in. They are read as the view ``capture``.

CREATE TABLE IF NOT EXISTS origin ( -- never changed
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    series TEXT NOT NULL,
    UNIQUE (source, series)
) STRICT;

CREATE TABLE IF NOT EXISTS address ( -- never changed
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE IF NOT EXISTS answer ( -- never changed; how an address answered, each way once
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    final_url TEXT, -- NULL where it is the address asked
    verdict TEXT NOT NULL,
    status INTEGER,
    reason TEXT,
    media_type TEXT,
    file_name TEXT,
    link_text TEXT,
    memento INTEGER, -- 1: from a web archive or a file saved earlier
    peer TEXT
) STRICT;

CREATE TABLE IF NOT EXISTS look ( -- never changed
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    elapsed REAL, -- seconds
    headers INTEGER REFERENCES snapshot (id),
    body INTEGER REFERENCES snapshot (id),
    wire INTEGER REFERENCES snapshot (id),
    certificate INTEGER REFERENCES snapshot (id),
    redirects INTEGER REFERENCES snapshot (id),
    revisit_of INTEGER REFERENCES look (id),
    round INTEGER NOT NULL DEFAULT 0, -- the first look of those that were recorded together; 0: alone
    origin INTEGER REFERENCES origin (id),
    address INTEGER REFERENCES address (id),
    answer INTEGER REFERENCES answer (id),
    request INTEGER REFERENCES snapshot (id) -- headers that were sent; NULL where they were not kept
) STRICT;
CREATE INDEX IF NOT EXISTS look_in_order ON look (origin); -- in the order of the chain
CREATE INDEX IF NOT EXISTS look_at_address ON look (address, at);
CREATE INDEX IF NOT EXISTS look_with_body ON look (address) WHERE body IS NOT NULL;
CREATE INDEX IF NOT EXISTS look_of_body ON look (body) WHERE body IS NOT NULL;

CREATE VIEW IF NOT EXISTS capture AS
SELECT look.id, origin.source, origin.series, address.url, coalesce(answer.final_url, address.url) AS final_url,
    look.at, look.elapsed, answer.verdict, answer.status, answer.reason, answer.media_type, answer.file_name,
    answer.link_text, answer.memento, answer.peer,
    look.headers, look.body, look.wire, look.certificate, look.redirects, look.revisit_of, look.round,
    look.request
FROM look
JOIN origin ON origin.id = look.origin
JOIN address ON address.id = look.address
JOIN answer ON answer.id = look.answer;

CREATE TABLE IF NOT EXISTS ledger ( -- never changed; the chain: state/ledger/entries.py
    seq INTEGER PRIMARY KEY,
    capture INTEGER NOT NULL REFERENCES look (id),
    entry BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS ledger_of_look ON ledger (capture);

CREATE TABLE IF NOT EXISTS stamp ( -- never changed; time stamps of the chain's head
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    entry TEXT NOT NULL,
    authority TEXT NOT NULL,
    at TEXT NOT NULL,
    reply BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS stamp_of_entry ON stamp (seq);

CREATE TABLE IF NOT EXISTS linked ( -- every document that a listing ever linked
    source TEXT,
    series TEXT,
    url TEXT,
    text TEXT,
    first_at TEXT,
    last_at TEXT,
    PRIMARY KEY (source, series, url)
) STRICT;

CREATE TABLE IF NOT EXISTS publication ( -- whether a source is for the public
    source TEXT PRIMARY KEY,
    public INTEGER NOT NULL
) STRICT;

-- Releases, and what was read from them.

CREATE TABLE IF NOT EXISTS release ( -- never changed
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL, -- opaque
    source TEXT NOT NULL,
    series TEXT NOT NULL,
    document TEXT NOT NULL, -- '' where the series is one document through its releases
    capture INTEGER NOT NULL REFERENCES look (id),
    at TEXT NOT NULL,
    technical INTEGER -- 1: put between two others later; alerts nobody
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS release_of_id ON release (id);
CREATE INDEX IF NOT EXISTS release_of_document ON release (source, series, document, at);
CREATE INDEX IF NOT EXISTS release_of_look ON release (capture);

CREATE TABLE IF NOT EXISTS judged ( -- at NULL: not yet, after so many attempts
    release INTEGER PRIMARY KEY REFERENCES release (no),
    at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    again INTEGER NOT NULL DEFAULT 0 -- one that came late stands before it now, 1: from the past, 2: from a round
) STRICT;
CREATE INDEX IF NOT EXISTS judged_again ON judged (release) WHERE again > 0;

CREATE TABLE IF NOT EXISTS questioned ( -- what stood in a page's place and was not believed: no place in the order
    release INTEGER PRIMARY KEY REFERENCES release (no),
    capture INTEGER NOT NULL REFERENCES look (id),
    at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS questioned_look ON questioned (capture);

CREATE TABLE IF NOT EXISTS stream ( -- a series of a source, or one document of it
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    series TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS stream_of_document ON stream (source, series, document);

CREATE TABLE IF NOT EXISTS placed ( -- the one order, and what it is told by: state/release_order.py
    release INTEGER PRIMARY KEY REFERENCES release (no),
    stream INTEGER NOT NULL REFERENCES stream (id),
    place INTEGER NOT NULL, -- among the releases of the stream, from 1
    appeared INTEGER NOT NULL, -- the first round that asked for its address; 0 for a memento
    settled INTEGER NOT NULL, -- 0: its place depends on the date of which it speaks
    dated INTEGER NOT NULL DEFAULT 0, -- 1: that date is known, as far as it states one
    as_of TEXT, -- the date of which it speaks
    modified TEXT, -- its Last-Modified
    named TEXT, -- the date in its name, as exact as the name is
    listed INTEGER -- its place among the links of the page, from 0
) STRICT;
CREATE INDEX IF NOT EXISTS placed_in_stream ON placed (stream, place);
CREATE INDEX IF NOT EXISTS placed_for_now ON placed (stream) WHERE settled = 0;

CREATE VIEW IF NOT EXISTS release_order AS
SELECT release.no, release.id, stream.source, stream.series, stream.document, release.capture, release.at,
    release.technical, placed.stream, placed.place
FROM stream
JOIN placed ON placed.stream = stream.id
JOIN release ON release.no = placed.release;

CREATE TABLE IF NOT EXISTS glossary ( -- definitions, each list of them once
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    data BLOB NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS facts ( -- what history keeps of a release, tables and definitions apart
    release INTEGER PRIMARY KEY REFERENCES release (no),
    head BLOB NOT NULL,
    glossary INTEGER REFERENCES glossary (id)
) STRICT;

CREATE TABLE IF NOT EXISTS table_content ( -- columns, rows and values, each once
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL,
    data BLOB NOT NULL,
    base INTEGER -- the content that it is a difference to
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS table_content_of_digest ON table_content (digest);

CREATE TABLE IF NOT EXISTS table_facts (
    release INTEGER REFERENCES release (no),
    position INTEGER,
    key TEXT NOT NULL,
    head BLOB NOT NULL,
    content INTEGER NOT NULL REFERENCES table_content (id),
    PRIMARY KEY (release, position)
) STRICT;

CREATE TABLE IF NOT EXISTS reading ( -- the newest release of each document as the reader read it
    source TEXT,
    series TEXT,
    document TEXT,
    release INTEGER NOT NULL REFERENCES release (no),
    extractor TEXT NOT NULL, -- digest of the reader's code
    data BLOB NOT NULL,
    PRIMARY KEY (source, series, document)
) STRICT;

CREATE TABLE IF NOT EXISTS view ( -- the differences from the release before, as pages show them
    release INTEGER PRIMARY KEY REFERENCES release (no),
    data BLOB NOT NULL
) STRICT;

-- Texts for search: each once, with from which to which release of a stream it was there.

CREATE TABLE IF NOT EXISTS text (
    digest BLOB PRIMARY KEY,
    id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS text_bundle ( -- texts that came together, compressed
    first INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS text_seen (
    text INTEGER NOT NULL,
    stream INTEGER NOT NULL REFERENCES stream (id),
    first INTEGER NOT NULL REFERENCES release (no),
    last INTEGER REFERENCES release (no), -- NULL: the newest has it
    PRIMARY KEY (text, stream, first)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS text_standing ON text_seen (stream) WHERE last IS NULL;

CREATE VIRTUAL TABLE IF NOT EXISTS text_search USING fts5(
    heading, words, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2'
);

CREATE TABLE IF NOT EXISTS text_indexed (last INTEGER NOT NULL) STRICT; -- one row: the last text in text_search
INSERT INTO text_indexed (last) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM text_indexed);

-- What was said, and who is told.

CREATE TABLE IF NOT EXISTS finding ( -- a statement: a place that is spoken of
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    source TEXT NOT NULL,
    series TEXT NOT NULL,
    document TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL, -- as said last
    title TEXT, -- as said last
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    occurrences INTEGER,
    state TEXT, -- of conditions
    closed_at TEXT,
    latest INTEGER -- the occurrence
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS finding_of_fingerprint ON finding (fingerprint);
CREATE INDEX IF NOT EXISTS finding_of_series ON finding (source, series, last_at);

CREATE TABLE IF NOT EXISTS occurrence ( -- what was said of a statement, each time
    id INTEGER PRIMARY KEY,
    finding INTEGER NOT NULL REFERENCES finding (id),
    at TEXT NOT NULL,
    release INTEGER REFERENCES release (no), -- NULL: it rests on looks
    before INTEGER REFERENCES release (no), -- the one that it was compared with
    capture INTEGER REFERENCES look (id),
    severity TEXT NOT NULL,
    body BLOB NOT NULL, -- JSON, compressed
    event TEXT, -- its name, see state/events.py
    retracted_at TEXT -- when a later judging no longer yielded it; NULL: it stands
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS occurrence_of_event ON occurrence (event);
CREATE INDEX IF NOT EXISTS occurrence_of_finding ON occurrence (finding);
CREATE INDEX IF NOT EXISTS occurrence_of_release ON occurrence (release);
CREATE INDEX IF NOT EXISTS occurrence_at ON occurrence (at);

CREATE TABLE IF NOT EXISTS note ( -- never changed; what people wrote beside a finding or a release
    id INTEGER PRIMARY KEY,
    finding TEXT,
    release INTEGER REFERENCES release (no),
    author TEXT NOT NULL,
    words TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS note_of_finding ON note (finding);
CREATE INDEX IF NOT EXISTS note_of_release ON note (release);

CREATE TABLE IF NOT EXISTS triage ( -- never changed; what people found out about an event, the newest holds
    id INTEGER PRIMARY KEY,
    event TEXT NOT NULL,
    standing TEXT NOT NULL,
    author TEXT NOT NULL,
    note TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS triage_of_event ON triage (event);

CREATE TABLE IF NOT EXISTS silence ( -- never changed; of what nobody is told, the newest of a subject holds
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL, -- a source, or the fingerprint of a statement
    how TEXT NOT NULL, -- snoozed, paused, resumed
    until TEXT, -- NULL: until it is resumed
    author TEXT NOT NULL,
    note TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS silence_of_subject ON silence (subject);

CREATE TABLE IF NOT EXISTS outbox ( -- alerts: one row for each event and destination
    id INTEGER PRIMARY KEY,
    event TEXT NOT NULL,
    destination TEXT NOT NULL,
    subject TEXT NOT NULL,
    message BLOB NOT NULL, -- JSON, compressed
    bundle INTEGER DEFAULT 0, -- 1: sent with the other bundled ones of its destination
    state TEXT NOT NULL,
    attempts INTEGER DEFAULT 0,
    created_at TEXT NOT NULL,
    not_before TEXT NOT NULL,
    lease TEXT,
    settled_at TEXT,
    trouble TEXT,
    finding TEXT NOT NULL DEFAULT '',
    batch TEXT NOT NULL DEFAULT '',
    said TEXT NOT NULL DEFAULT '' -- the event of the finding
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_of_said ON outbox (said);
CREATE UNIQUE INDEX IF NOT EXISTS outbox_of_event ON outbox (event, destination);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (state, not_before);
CREATE INDEX IF NOT EXISTS outbox_of_finding ON outbox (finding, destination);

CREATE TABLE IF NOT EXISTS copy ( -- copies that a web archive was asked for
    id INTEGER PRIMARY KEY,
    release INTEGER NOT NULL REFERENCES release (no),
    url TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER DEFAULT 0,
    wanted_at TEXT NOT NULL,
    not_before TEXT NOT NULL,
    job TEXT,
    address TEXT,
    trouble TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS copy_of_release ON copy (release);
CREATE INDEX IF NOT EXISTS copy_due ON copy (state, not_before);

CREATE TABLE IF NOT EXISTS upkeep ( -- when the archive was checked last
    name TEXT PRIMARY KEY,
    at TEXT
) STRICT;
