-- The views of a show, on top of the store's (migrations/): what scripts read of layers and parameters. Their names,
-- columns and meaning are fixed (docs/on-disk-format.md); later versions may add columns.

CREATE VIEW generations AS
SELECT
  g.generation,
  strftime('%Y-%m-%dT%H:%M:%fZ', g.stored_at_unix_ms / 1000.0, 'unixepoch') AS stored_at,
  g.origin, g.reason, g.actor, g.requests, g.items AS layers, g.bytes, g.keyframe,
  (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', m.marked_at_unix_ms / 1000.0, 'unixepoch')
   FROM generation_mark AS m WHERE m.generation = g.generation AND m.mark = 'proven') AS proven_at,
  (SELECT m.label FROM generation_mark AS m WHERE m.generation = g.generation AND m.mark = 'pinned') AS pin,
  g.generation = (SELECT max(o.generation) FROM generation AS o) AS current,
  g.sequence
FROM generation AS g;

-- Private. The layers that differ in a step: before is NULL for one that was added, after for one that was removed.
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

-- position counts from 0, bottom to top.
CREATE VIEW generation_layers AS
SELECT
  l.generation, p.key AS position, l.name AS layer, json_extract(l.body, '$.name') AS name,
  json_extract(l.body, '$.package') AS package,
  json_extract(l.body, '$.enabled') AS enabled, json_extract(l.body, '$.opacity') AS opacity,
  json_extract(l.body, '$.blendMode') AS blend_mode
FROM generation_documents AS s
CROSS JOIN generation_documents AS l ON l.generation = s.generation AND l.kind = 'layer'
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
FROM generation_documents AS l
CROSS JOIN json_each(l.body, '$.parameters') AS p
WHERE l.kind = 'layer';

CREATE VIEW generation_state AS
SELECT
  g.generation,
  '{"config":' || (SELECT c.body FROM generation_documents AS c WHERE c.generation = g.generation AND c.kind = 'config')
  || ',"layers":[' || coalesce((
    SELECT group_concat(o.body, ',')
    FROM (
      SELECT l.body
      FROM generation_documents AS s
      CROSS JOIN generation_documents AS l ON l.generation = s.generation AND l.kind = 'layer'
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
