-- What an adjudicator settled for an answer, beside the codings and never in their place.
CREATE TABLE verdict (
  response_id INTEGER PRIMARY KEY REFERENCES response (id),
  coder_id INTEGER NOT NULL REFERENCES coder (id),
  codes TEXT NOT NULL,
  reason TEXT NOT NULL,
  memo TEXT NOT NULL
) STRICT;

CREATE VIEW v_verdict AS
  SELECT respondent.name AS respondent, question.key AS question, coder.name AS adjudicator,
    code.path AS code, verdict.reason, verdict.memo, response.version, response.is_current
  FROM verdict
  JOIN response ON response.id = verdict.response_id
  JOIN respondent ON respondent.id = response.respondent_id
  JOIN question ON question.id = response.question_id
  JOIN coder ON coder.id = verdict.coder_id
  LEFT JOIN json_each(verdict.codes) AS settled
  LEFT JOIN code ON code.id = settled.value;
