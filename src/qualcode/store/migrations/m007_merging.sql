-- What copies need to be brought together: an order of steps that no wrong clock turns round, and
-- what each act builds on. Existing steps get times that two copies work out alike.
ALTER TABLE step ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;

DROP TRIGGER step_is_final;

UPDATE step SET clock = found.clock FROM (
  SELECT id, nth + max(at - nth) OVER (ORDER BY id) AS clock FROM (
    SELECT id, row_number() OVER (ORDER BY id) AS nth,
      ifnull(CAST(round((julianday(at) - 2440587.5) * 86400000.0) AS INTEGER), 0) AS at
    FROM step
  )
) AS found WHERE found.id = step.id;

CREATE TRIGGER step_is_final BEFORE UPDATE ON step
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE INDEX step_clock ON step (clock);

-- The act on the same answer, by the same coder and of the same layer, that stood last.
ALTER TABLE act ADD COLUMN base INTEGER REFERENCES act (id);

DROP TRIGGER act_is_final;

UPDATE act SET base = found.base FROM (
  SELECT act.id, lag(act.id) OVER (
    PARTITION BY response_id, iif(act = 'adjudicate', 0, coder_id),
      CASE act WHEN 'clear' THEN 'quote' WHEN 'adjudicate' THEN 'verdict' ELSE 'coding' END
    ORDER BY act.id
  ) AS base
  FROM act JOIN step ON step.id = step_id WHERE response_id IS NOT NULL
) AS found WHERE found.id = act.id;

CREATE TRIGGER act_is_final BEFORE UPDATE ON act
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- The three that follow are worked out from the journal: the act that stands last, the acts that
-- do not count because copies went apart and the other side has the later act, and the order of
-- undo where it is another than `step.previous` says. A verdict is nobody's own: its coder is 0.
CREATE TABLE head (
  response_id INTEGER NOT NULL REFERENCES response (id),
  coder_id INTEGER NOT NULL,
  layer TEXT NOT NULL CHECK (layer IN ('coding', 'quote', 'verdict')),
  act_id INTEGER NOT NULL REFERENCES act (id),
  PRIMARY KEY (response_id, coder_id, layer)
) STRICT, WITHOUT ROWID;

INSERT INTO head SELECT response_id, iif(act = 'adjudicate', 0, coder_id),
    CASE act WHEN 'clear' THEN 'quote' WHEN 'adjudicate' THEN 'verdict' ELSE 'coding' END,
    max(act.id)
  FROM act JOIN step ON step.id = step_id WHERE response_id IS NOT NULL GROUP BY 1, 2, 3;

CREATE TABLE lost (
  act_id INTEGER PRIMARY KEY REFERENCES act (id)
) STRICT;

CREATE TABLE undo_order (
  step_id INTEGER PRIMARY KEY REFERENCES step (id),
  previous INTEGER REFERENCES step (id)
) STRICT;

-- When each thing that may change was changed last, 0 for not since the study was made.
ALTER TABLE setting ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;

ALTER TABLE question ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;

ALTER TABLE coder ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;

ALTER TABLE queue ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;

ALTER TABLE response ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;

UPDATE response SET clock = version - 1 WHERE version > 1;

-- By attribute; under the empty name for all that have no time of their own.
ALTER TABLE respondent ADD COLUMN clocks TEXT NOT NULL DEFAULT '{}';

-- The clock of the last version of the codebook that has the code.
ALTER TABLE code ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;

UPDATE code SET clock = (
  SELECT step.clock FROM codebook JOIN codebook_version ON codebook_version.id = version_id
  JOIN step ON step.id = step_id WHERE codebook.id = code.codebook_id
) WHERE is_removed = 0;

-- Further uids of a coder who was found to be one person with another.
CREATE TABLE coder_alias (
  uid BLOB PRIMARY KEY,
  coder_id INTEGER NOT NULL REFERENCES coder (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE merged (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  by_name TEXT NOT NULL,
  file TEXT NOT NULL,
  steps INTEGER NOT NULL,
  acts INTEGER NOT NULL
) STRICT;
