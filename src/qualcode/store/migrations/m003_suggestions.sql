-- `model` holds what an unfinished run scores with, so that it can go on after an interruption.
CREATE TABLE suggestion_run (
  id INTEGER PRIMARY KEY,
  uid BLOB NOT NULL UNIQUE,
  step_id INTEGER NOT NULL REFERENCES step (id),
  question_id INTEGER NOT NULL REFERENCES question (id),
  as_of INTEGER NOT NULL,
  settings TEXT NOT NULL,
  labels INTEGER NOT NULL,
  is_calibrated INTEGER NOT NULL CHECK (is_calibrated IN (0, 1)),
  codebooks TEXT NOT NULL,
  thresholds TEXT NOT NULL,
  figures TEXT NOT NULL,
  total INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  reached INTEGER NOT NULL DEFAULT 0,
  finished TEXT,
  model BLOB
) STRICT;

CREATE TABLE suggestion (
  run_id INTEGER NOT NULL REFERENCES suggestion_run (id),
  response_id INTEGER NOT NULL REFERENCES response (id),
  code_id INTEGER NOT NULL REFERENCES code (id),
  probability REAL NOT NULL,
  is_above INTEGER NOT NULL CHECK (is_above IN (0, 1)),
  evidence TEXT NOT NULL,
  PRIMARY KEY (run_id, response_id, code_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE queue (
  id INTEGER PRIMARY KEY,
  uid BLOB NOT NULL UNIQUE,
  step_id INTEGER NOT NULL REFERENCES step (id),
  coder_id INTEGER NOT NULL REFERENCES coder (id),
  question_id INTEGER NOT NULL REFERENCES question (id),
  kind TEXT NOT NULL CHECK (kind IN ('random', 'uncertain', 'half', 'code')),
  code_id INTEGER REFERENCES code (id),
  seed INTEGER NOT NULL,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX queue_in_use ON queue (coder_id, question_id) WHERE is_active = 1;

-- `place` counts from 0 along the order of chance; `population` is how many answers it orders.
CREATE TABLE draw (
  queue_id INTEGER NOT NULL REFERENCES queue (id),
  rank INTEGER NOT NULL,
  response_id INTEGER NOT NULL REFERENCES response (id),
  how TEXT NOT NULL CHECK (how IN ('random', 'uncertain', 'code')),
  place INTEGER NOT NULL,
  population INTEGER NOT NULL,
  probability REAL,
  is_blind INTEGER NOT NULL CHECK (is_blind IN (0, 1)),
  at TEXT NOT NULL,
  PRIMARY KEY (queue_id, rank),
  UNIQUE (queue_id, response_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX draw_of_response ON draw (response_id);

CREATE VIEW v_suggestion_run AS
  SELECT suggestion_run.id AS run, step.at AS time, step.by_name AS by, question.key AS question,
    suggestion_run.settings, suggestion_run.labels, suggestion_run.is_calibrated,
    suggestion_run.codebooks, suggestion_run.thresholds, suggestion_run.figures,
    suggestion_run.total, suggestion_run.done, suggestion_run.finished
  FROM suggestion_run
  JOIN step ON step.id = suggestion_run.step_id
  JOIN question ON question.id = suggestion_run.question_id;

CREATE VIEW v_suggestion AS
  SELECT respondent.name AS respondent, question.key AS question, code.path AS code,
    suggestion.probability, suggestion_run.is_calibrated AS calibrated, suggestion.is_above,
    (suggestion_run.settings ->> '$.model') || ', ' || suggestion_run.labels
      || iif(suggestion_run.labels = 1, ' label', ' labels') AS source,
    suggestion.evidence, suggestion.run_id AS run, response.version, response.is_current
  FROM suggestion
  JOIN suggestion_run ON suggestion_run.id = suggestion.run_id
  JOIN response ON response.id = suggestion.response_id
  JOIN respondent ON respondent.id = response.respondent_id
  JOIN question ON question.id = response.question_id
  JOIN code ON code.id = suggestion.code_id
  WHERE suggestion_run.id IN
    (SELECT max(id) FROM suggestion_run WHERE finished IS NOT NULL GROUP BY question_id);

CREATE VIEW v_draw AS
  SELECT coder.name AS coder, question.key AS question, respondent.name AS respondent,
    queue.kind AS queue, code.path AS code, queue.seed, draw.rank, draw.how, draw.place,
    draw.population, draw.probability, draw.is_blind, draw.at AS time, response.version,
    response.is_current
  FROM draw
  JOIN queue ON queue.id = draw.queue_id
  JOIN coder ON coder.id = queue.coder_id
  JOIN question ON question.id = queue.question_id
  JOIN response ON response.id = draw.response_id
  JOIN respondent ON respondent.id = response.respondent_id
  LEFT JOIN code ON code.id = queue.code_id;
