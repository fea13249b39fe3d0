-- What an adjudicator asked a coder of an answer, and whether the coder decided it again since. A
-- question is known by all that it says: copies have no other id in common.
CREATE TABLE query (
  response_id INTEGER NOT NULL REFERENCES response (id),
  coder_id INTEGER NOT NULL REFERENCES coder (id),
  asked_by INTEGER NOT NULL REFERENCES coder (id),
  text TEXT NOT NULL,
  at TEXT NOT NULL,
  is_answered INTEGER NOT NULL CHECK (is_answered IN (0, 1)),
  PRIMARY KEY (response_id, coder_id, at, asked_by, text)
) STRICT, WITHOUT ROWID;

CREATE VIEW v_query AS
  SELECT respondent.name AS respondent, question.key AS question, coder.name AS coder,
    asker.name AS adjudicator, query.text, query.at AS time, query.is_answered,
    response.version, response.is_current
  FROM query
  JOIN response ON response.id = query.response_id
  JOIN respondent ON respondent.id = response.respondent_id
  JOIN question ON question.id = response.question_id
  JOIN coder ON coder.id = query.coder_id
  JOIN coder AS asker ON asker.id = query.asked_by;
