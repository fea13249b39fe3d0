CREATE TABLE agreement_run (
  id INTEGER PRIMARY KEY,
  uid BLOB NOT NULL UNIQUE,
  step_id INTEGER NOT NULL REFERENCES step (id),
  question_id INTEGER NOT NULL REFERENCES question (id),
  coders TEXT NOT NULL,
  codebooks TEXT NOT NULL,
  settings TEXT NOT NULL,
  result TEXT NOT NULL
) STRICT;

CREATE VIEW v_agreement_run AS
  SELECT step.at AS time, step.by_name AS by, question.key AS question, agreement_run.coders,
    agreement_run.codebooks, agreement_run.settings, agreement_run.result
  FROM agreement_run
  JOIN step ON step.id = agreement_run.step_id
  JOIN question ON question.id = agreement_run.question_id;

