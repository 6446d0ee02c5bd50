-- Any program's state can be stored, and not a show only: a document's kind is whatever the program names it, and a
-- generation counts the items that the program counts. Views that know what a document holds belong to the program
-- (its view pack); those of the studio are installed again when it opens the database.

DROP VIEW host_runs;
DROP VIEW ring_status;
DROP VIEW parameter_changes;
DROP VIEW generation_state;
DROP VIEW generation_parameters;
DROP VIEW generation_layers;
DROP VIEW generations;
DROP VIEW layer_step;
DROP VIEW new_document;
DROP VIEW generation_step;
DROP VIEW generation_document;

-- SQLite can't drop a CHECK: the rows move to a table without it, under the same ids.
CREATE TABLE document_without_kinds(
  document INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL,
  -- Tells documents of one kind apart; empty where there is only one.
  name     TEXT NOT NULL,
  -- XXH64 of kind, 0, name, 0, body. It stands before the body so that reading it reads no overflow page.
  checksum INTEGER NOT NULL,
  -- JSON.
  body     TEXT NOT NULL
) STRICT;

INSERT INTO document_without_kinds SELECT document, kind, name, checksum, body FROM document ORDER BY document;
DROP TABLE document;
ALTER TABLE document_without_kinds RENAME TO document;
ALTER TABLE generation RENAME COLUMN layers TO items;

-- A join that names a range of document ids must stay CROSS JOIN: it keeps the order of the loops, so that the ranges
-- drive look-ups by row id; and a unary + keeps SQLite from building an index of all documents for a single look-up.
--
-- SQLite up to 3.40 at least marks its own JSON functions as unsafe in a view, so that a connection with trusted_schema
-- off can read generations, ring_status and host_runs only. The shell has it on.

-- Public: the documents of each generation.
CREATE VIEW generation_documents AS
SELECT g.generation, d.document, +d.kind AS kind, +d.name AS name, d.body
FROM generation AS g
CROSS JOIN json_each(g.documents) AS r
CROSS JOIN document AS d ON d.document BETWEEN json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]');

-- Private. Each generation beside the retained one before it. Document ids only grow, so what is new in the later one
-- is what lies above the last id of the earlier one.
CREATE VIEW generation_step AS
SELECT
  g.generation, g.documents, p.generation AS earlier, p.documents AS earlier_documents,
  json_extract(p.documents, '$[#-1][1]') AS earlier_last
FROM generation AS g
CROSS JOIN generation AS p
  ON p.generation = (SELECT max(o.generation) FROM generation AS o WHERE o.generation < g.generation);

CREATE VIEW new_document AS
SELECT s.generation, s.earlier_documents, +d.kind AS kind, +d.name AS name, d.body
FROM generation_step AS s
CROSS JOIN json_each(s.documents) AS r
CROSS JOIN document AS d
  ON d.document BETWEEN max(json_extract(r.value, '$[0]'), s.earlier_last + 1) AND json_extract(r.value, '$[1]');

CREATE VIEW generations AS
SELECT
  g.generation,
  strftime('%Y-%m-%dT%H:%M:%fZ', g.stored_at_unix_ms / 1000.0, 'unixepoch') AS stored_at,
  g.origin, g.reason, g.actor, g.requests, g.items, g.bytes, g.keyframe,
  (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', m.marked_at_unix_ms / 1000.0, 'unixepoch')
   FROM generation_mark AS m WHERE m.generation = g.generation AND m.mark = 'proven') AS proven_at,
  (SELECT m.label FROM generation_mark AS m WHERE m.generation = g.generation AND m.mark = 'pinned') AS pin,
  g.generation = (SELECT max(o.generation) FROM generation AS o) AS current,
  g.sequence
FROM generation AS g;

-- bytes: of the documents and manifests that are kept, without the pages around them.
CREATE VIEW ring_status AS
SELECT
  (SELECT count(*) FROM generation) AS count,
  (SELECT CAST(s.value AS INTEGER) FROM store_setting AS s WHERE s.name = 'ring_capacity') AS capacity,
  (SELECT min(generation) FROM generation) AS oldest,
  (SELECT max(generation) FROM generation) AS newest,
  coalesce((SELECT sum(length(CAST(body AS BLOB))) FROM document), 0)
  + coalesce((SELECT sum(length(CAST(documents AS BLOB))) FROM generation), 0) AS bytes;

CREATE VIEW host_runs AS
SELECT
  run, strftime('%Y-%m-%dT%H:%M:%fZ', started_at_unix_ms / 1000.0, 'unixepoch') AS started_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', ended_at_unix_ms / 1000.0, 'unixepoch') AS ended_at, ending, generation,
  strftime('%Y-%m-%dT%H:%M:%fZ', healthy_at_unix_ms / 1000.0, 'unixepoch') AS healthy_at
FROM host_run;
