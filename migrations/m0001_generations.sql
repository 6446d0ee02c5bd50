-- The tables of the generation store. They are private: scripts use the views at the end (docs/on-disk-format.md).
--
-- A generation is the set of documents that its manifest names. Documents are immutable and shared by the generations
-- between which they did not change. There are no indexes but the row ids: a store of one changed layer touches nine
-- pages of 1,024 bytes, and each index would add two.

CREATE TABLE document(
  document INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL CHECK (kind IN ('layer', 'stack', 'config', 'packages')),
  -- The layer's id; empty for the other kinds.
  name     TEXT NOT NULL,
  -- XXH64 of kind, 0, name, 0, body. It stands before the body so that reading it reads no overflow page.
  checksum INTEGER NOT NULL,
  -- Canonical JSON.
  body     TEXT NOT NULL
) STRICT;

CREATE TABLE generation(
  generation        INTEGER PRIMARY KEY,
  sequence          INTEGER NOT NULL,
  stored_at_unix_ms INTEGER NOT NULL,
  origin            TEXT NOT NULL,
  reason            TEXT NOT NULL,
  actor             TEXT NOT NULL,
  requests          INTEGER NOT NULL,
  layers            INTEGER NOT NULL,
  bytes             INTEGER NOT NULL,
  keyframe          INTEGER NOT NULL CHECK (keyframe IN (0, 1)),
  -- XXH64 of all other columns and of the id and checksum of every document.
  checksum          INTEGER NOT NULL,
  -- The manifest: a JSON array of inclusive ranges of document ids, ascending, such as [[1,253],[260,260]].
  documents         TEXT NOT NULL
) STRICT;

CREATE TABLE generation_mark(
  generation        INTEGER NOT NULL REFERENCES generation(generation) ON DELETE CASCADE,
  mark              TEXT NOT NULL CHECK (mark IN ('proven', 'suspect', 'pinned')),
  -- The pin's name; other marks have none.
  label             TEXT CHECK ((label IS NULL) = (mark <> 'pinned')),
  marked_at_unix_ms INTEGER NOT NULL,
  PRIMARY KEY (generation, mark)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX generation_mark_label ON generation_mark(label) WHERE label IS NOT NULL;

CREATE TABLE host_run(
  run                INTEGER PRIMARY KEY,
  started_at_unix_ms INTEGER NOT NULL,
  -- NULL while it runs, and for good when it ended without a word.
  ended_at_unix_ms   INTEGER,
  -- When it had run for the proving time without ending; NULL until then. A run that ended before does not count as
  -- healthy, whatever it stored.
  healthy_at_unix_ms INTEGER,
  ending             TEXT NOT NULL CHECK (ending IN ('running', 'clean', 'unsaved', 'unclean')),
  -- The generation it started with; NULL when there was none. Not a reference: the run outlives the generation.
  generation         INTEGER
) STRICT;

CREATE TABLE store_setting(
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Private views that the public ones share. A join that names a range of document ids must stay CROSS JOIN: it keeps
-- the order of the loops, so that the ranges drive look-ups by row id; and a unary + keeps SQLite from building an index
-- of all documents for a single look-up.

CREATE VIEW generation_document AS
SELECT g.generation, d.document, +d.kind AS kind, +d.name AS name, d.body
FROM generation AS g
CROSS JOIN json_each(g.documents) AS r
CROSS JOIN document AS d ON d.document BETWEEN json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]');

-- Each generation beside the retained one before it. Document ids only grow, so what is new in the later one is what
-- lies above the last id of the earlier one.
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

-- The layers that differ in a step: before is NULL for one that was added, after for one that was removed.
CREATE VIEW layer_step AS
SELECT
  n.generation, n.name AS layer,
  (SELECT b.body
   FROM json_each(n.earlier_documents) AS r
   CROSS JOIN document AS b ON b.document BETWEEN json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]')
   WHERE +b.kind = 'layer' AND +b.name = n.name) AS before,
  n.body AS after
FROM new_document AS n
WHERE n.kind = 'layer'
UNION ALL
SELECT n.generation, b.name, b.body, NULL
FROM new_document AS n
CROSS JOIN json_each(n.earlier_documents) AS r
CROSS JOIN document AS b ON b.document BETWEEN json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]')
WHERE n.kind = 'stack' AND +b.kind = 'layer' AND b.name NOT IN (SELECT value FROM json_each(n.body));

-- The public views (docs/on-disk-format.md). Their names, columns and meaning are fixed; later steps may add columns.
--
-- SQLite up to 3.40 at least marks its own JSON functions as unsafe in a view, so that a connection with trusted_schema
-- off can read generations, ring_status and host_runs only. The shell has it on.

CREATE VIEW generations AS
SELECT
  g.generation,
  strftime('%Y-%m-%dT%H:%M:%fZ', g.stored_at_unix_ms / 1000.0, 'unixepoch') AS stored_at,
  g.origin, g.reason, g.actor, g.requests, g.layers, g.bytes, g.keyframe,
  (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', m.marked_at_unix_ms / 1000.0, 'unixepoch')
   FROM generation_mark AS m WHERE m.generation = g.generation AND m.mark = 'proven') AS proven_at,
  (SELECT m.label FROM generation_mark AS m WHERE m.generation = g.generation AND m.mark = 'pinned') AS pin,
  g.generation = (SELECT max(o.generation) FROM generation AS o) AS current
FROM generation AS g;

-- position counts from 0, bottom to top.
CREATE VIEW generation_layers AS
SELECT
  l.generation, p.key AS position, l.name AS layer, json_extract(l.body, '$.name') AS name,
  json_extract(l.body, '$.package') AS package,
  json_extract(l.body, '$.enabled') AS enabled, json_extract(l.body, '$.opacity') AS opacity,
  json_extract(l.body, '$.blendMode') AS blend_mode
FROM generation_document AS s
CROSS JOIN generation_document AS l ON l.generation = s.generation AND l.kind = 'layer'
CROSS JOIN json_each(s.body) AS p ON p.value = l.name
WHERE s.kind = 'stack';

-- value is the JSON text exactly as it is stored; a point is an array of two numbers, a colour one of four.
CREATE VIEW generation_parameters AS
SELECT
  l.generation, l.name AS layer, p.key AS parameter,
  CASE p.type
    WHEN 'true' THEN 'bool' WHEN 'false' THEN 'bool' WHEN 'integer' THEN 'int' WHEN 'real' THEN 'double'
    WHEN 'text' THEN 'string' WHEN 'array' THEN iif(json_array_length(p.value) = 2, 'point2D', 'color')
  END AS type,
  -- json_extract would round numbers to 15 digits.
  l.body -> p.fullkey AS value
FROM generation_document AS l
CROSS JOIN json_each(l.body, '$.parameters') AS p
WHERE l.kind = 'layer';

CREATE VIEW generation_state AS
SELECT
  g.generation,
  '{"config":' || (SELECT c.body FROM generation_document AS c WHERE c.generation = g.generation AND c.kind = 'config')
  || ',"layers":[' || coalesce((
    SELECT group_concat(o.body, ',')
    FROM (
      SELECT l.body
      FROM generation_document AS s
      CROSS JOIN generation_document AS l ON l.generation = s.generation AND l.kind = 'layer'
      CROSS JOIN json_each(s.body) AS p ON p.value = l.name
      WHERE s.generation = g.generation AND s.kind = 'stack'
      ORDER BY p.key
    ) AS o), '')
  || '],"sequence":' || g.sequence || '}' AS state
FROM generation AS g;

-- What differs between a retained generation and the retained one before it; before or after is NULL where a parameter
-- or its layer was added or removed. The steps are materialized, because their look-ups would run again for every
-- parameter.
CREATE VIEW parameter_changes AS
WITH changed_layer AS MATERIALIZED (
  SELECT generation, layer, before, after FROM layer_step
)
SELECT
  g.generation, strftime('%Y-%m-%dT%H:%M:%fZ', g.stored_at_unix_ms / 1000.0, 'unixepoch') AS stored_at,
  c.layer, c.parameter, c.before, c.after, g.reason, g.actor
FROM (
  SELECT s.generation, s.layer, p.key AS parameter, s.before -> p.fullkey AS before, s.after -> p.fullkey AS after
  FROM changed_layer AS s
  CROSS JOIN json_each(s.after, '$.parameters') AS p
  WHERE s.after IS NOT NULL AND s.before IS NOT s.after
  UNION ALL
  SELECT s.generation, s.layer, p.key, s.before -> p.fullkey, NULL
  FROM changed_layer AS s
  CROSS JOIN json_each(s.before, '$.parameters') AS p
  WHERE s.before IS NOT s.after AND (s.after IS NULL OR s.after -> p.fullkey IS NULL)
) AS c
CROSS JOIN generation AS g ON g.generation = c.generation
WHERE c.before IS NOT c.after;

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
