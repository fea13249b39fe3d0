CREATE TABLE study (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  uid BLOB NOT NULL,
  created TEXT NOT NULL,
  made_with TEXT NOT NULL
) STRICT;

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE question (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL,
  asked_if TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE attribute (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE respondent (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  attributes TEXT NOT NULL
) STRICT;

-- With IN and three values SQLite would build a temporary index for every row that comes in.
CREATE TABLE response (
  id INTEGER PRIMARY KEY,
  uid BLOB NOT NULL,
  respondent_id INTEGER NOT NULL REFERENCES respondent (id),
  question_id INTEGER NOT NULL REFERENCES question (id),
  version INTEGER NOT NULL,
  is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
  status TEXT NOT NULL CHECK (status = 'substantive' OR status = 'blank' OR status = 'not_asked'),
  text TEXT NOT NULL,
  UNIQUE (respondent_id, question_id, version)
) STRICT;

CREATE INDEX response_to_code ON response (question_id, respondent_id)
  WHERE is_current = 1 AND status = 'substantive';

CREATE TABLE coder (
  id INTEGER PRIMARY KEY,
  uid BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  folded TEXT NOT NULL UNIQUE,
  undo_head INTEGER REFERENCES step (id),
  redo_head INTEGER REFERENCES step (id)
) STRICT;

CREATE TABLE codebook (
  id INTEGER PRIMARY KEY,
  uid BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  questions TEXT NOT NULL DEFAULT '[]',
  version_id INTEGER REFERENCES codebook_version (id)
) STRICT;

CREATE TABLE codebook_version (
  id INTEGER PRIMARY KEY,
  codebook_id INTEGER NOT NULL REFERENCES codebook (id),
  number INTEGER NOT NULL,
  text TEXT NOT NULL,
  step_id INTEGER NOT NULL REFERENCES step (id)
) STRICT;

CREATE TABLE code (
  id INTEGER PRIMARY KEY,
  uid BLOB NOT NULL UNIQUE,
  codebook_id INTEGER NOT NULL REFERENCES codebook (id),
  path TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  hotkey TEXT NOT NULL,
  definition TEXT NOT NULL,
  include TEXT NOT NULL,
  exclude TEXT NOT NULL,
  examples TEXT NOT NULL,
  keywords TEXT NOT NULL,
  is_exclusive INTEGER NOT NULL CHECK (is_exclusive IN (0, 1)),
  status TEXT NOT NULL CHECK (status IN ('', 'dont_know', 'refused', 'uncodable')),
  is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1)),
  is_removed INTEGER NOT NULL CHECK (is_removed IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX code_path ON code (codebook_id, path) WHERE is_removed = 0;

CREATE TABLE step (
  id INTEGER PRIMARY KEY,
  uid BLOB NOT NULL UNIQUE,
  at TEXT NOT NULL,
  coder_id INTEGER REFERENCES coder (id),
  by_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  reverses INTEGER REFERENCES step (id),
  previous INTEGER REFERENCES step (id),
  detail TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE act (
  id INTEGER PRIMARY KEY,
  uid BLOB NOT NULL UNIQUE,
  step_id INTEGER NOT NULL REFERENCES step (id),
  act TEXT NOT NULL,
  response_id INTEGER REFERENCES response (id),
  code_id INTEGER REFERENCES code (id),
  span_start INTEGER,
  span_end INTEGER,
  source TEXT NOT NULL DEFAULT '',
  codebook_version_id INTEGER REFERENCES codebook_version (id),
  before TEXT,
  after TEXT
) STRICT;

CREATE INDEX act_of_step ON act (step_id);

CREATE TABLE coding (
  id INTEGER PRIMARY KEY,
  coder_id INTEGER NOT NULL REFERENCES coder (id),
  response_id INTEGER NOT NULL REFERENCES response (id),
  code_id INTEGER NOT NULL REFERENCES code (id),
  span_start INTEGER,
  span_end INTEGER,
  source TEXT NOT NULL,
  codebook_version_id INTEGER NOT NULL REFERENCES codebook_version (id),
  CHECK ((span_start IS NULL) = (span_end IS NULL)),
  CHECK (span_start IS NULL OR (span_start >= 0 AND span_end > span_start))
) STRICT;

CREATE UNIQUE INDEX coding_once ON coding
  (response_id, coder_id, code_id, ifnull(span_start, -1), ifnull(span_end, -1));

CREATE INDEX coding_of_code ON coding (code_id, coder_id);

CREATE TABLE mark (
  coder_id INTEGER NOT NULL REFERENCES coder (id),
  response_id INTEGER NOT NULL REFERENCES response (id),
  decided TEXT,
  is_flagged INTEGER NOT NULL DEFAULT 0 CHECK (is_flagged IN (0, 1)),
  memo TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (response_id, coder_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE place (
  coder_id INTEGER NOT NULL REFERENCES coder (id),
  question_id INTEGER NOT NULL REFERENCES question (id),
  response_id INTEGER NOT NULL REFERENCES response (id),
  at TEXT NOT NULL,
  PRIMARY KEY (coder_id, question_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER step_is_kept BEFORE DELETE ON step
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER step_is_final BEFORE UPDATE ON step
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER act_is_kept BEFORE DELETE ON act
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER act_is_final BEFORE UPDATE ON act
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER response_is_kept BEFORE DELETE ON response
BEGIN SELECT RAISE(ABORT, 'answers are never deleted'); END;

CREATE TRIGGER response_is_final BEFORE UPDATE OF text, uid, respondent_id, question_id, version ON response
BEGIN SELECT RAISE(ABORT, 'an answer is never overwritten'); END;

CREATE VIEW v_respondent AS
  SELECT name AS respondent FROM respondent;

CREATE VIEW v_response AS
  SELECT respondent.name AS respondent, question.key AS question, response.version,
    response.is_current, response.status, response.text, lower(hex(response.uid)) AS uid
  FROM response
  JOIN respondent ON respondent.id = response.respondent_id
  JOIN question ON question.id = response.question_id;

CREATE VIEW v_code AS
  SELECT codebook.name AS codebook, code.path, code.name, code.hotkey, code.definition,
    code.include, code.exclude, code.examples, code.keywords, code.is_exclusive, code.status,
    code.is_retired, lower(hex(code.uid)) AS uid
  FROM code
  JOIN codebook ON codebook.id = code.codebook_id
  WHERE code.is_removed = 0
  ORDER BY codebook.id, code.position;

CREATE VIEW v_coding AS
  SELECT respondent.name AS respondent, question.key AS question, coder.name AS coder,
    code.path AS code, coding.span_start AS "start", coding.span_end AS "end", coding.source,
    response.version, response.is_current, codebook.name AS codebook,
    codebook_version.number AS codebook_version
  FROM coding
  JOIN response ON response.id = coding.response_id
  JOIN respondent ON respondent.id = response.respondent_id
  JOIN question ON question.id = response.question_id
  JOIN coder ON coder.id = coding.coder_id
  JOIN code ON code.id = coding.code_id
  JOIN codebook ON codebook.id = code.codebook_id
  JOIN codebook_version ON codebook_version.id = coding.codebook_version_id;

CREATE VIEW v_coded AS
  SELECT DISTINCT response_id, coder_id FROM coding
  UNION
  SELECT response_id, coder_id FROM mark WHERE decided IS NOT NULL;

CREATE VIEW v_mark AS
  SELECT respondent.name AS respondent, question.key AS question, coder.name AS coder,
    mark.decided IS NOT NULL AS is_decided, mark.is_flagged, mark.memo,
    response.version, response.is_current
  FROM mark
  JOIN response ON response.id = mark.response_id
  JOIN respondent ON respondent.id = response.respondent_id
  JOIN question ON question.id = response.question_id
  JOIN coder ON coder.id = mark.coder_id;

CREATE VIEW v_progress AS
  SELECT question.key AS question, coder.name AS coder, count(*) AS coded
  FROM v_coded
  JOIN response ON response.id = v_coded.response_id
    AND response.is_current = 1 AND response.status = 'substantive'
  JOIN question ON question.id = response.question_id
  JOIN coder ON coder.id = v_coded.coder_id
  GROUP BY question.id, coder.id;

CREATE VIEW v_journal AS
  SELECT act.id, step.id AS step, step.at AS time, coalesce(coder.name, step.by_name) AS coder,
    act.act, respondent.name AS respondent, question.key AS question, code.path AS code,
    act.source,
    json_patch('{}', json_object(
      'kind', step.kind, 'by', step.by_name, 'reverses', step.reverses,
      'start', act.span_start, 'end', act.span_end, 'before', act.before, 'after', act.after,
      'about', iif(step.detail = '', NULL, json(step.detail)))) AS detail
  FROM act
  JOIN step ON step.id = act.step_id
  LEFT JOIN coder ON coder.id = step.coder_id
  LEFT JOIN response ON response.id = act.response_id
  LEFT JOIN respondent ON respondent.id = response.respondent_id
  LEFT JOIN question ON question.id = response.question_id
  LEFT JOIN code ON code.id = act.code_id;

