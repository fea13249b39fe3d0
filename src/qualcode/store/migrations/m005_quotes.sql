-- What each person made of an answer as a quote: what is replaced in it, and whether it may leave.
CREATE TABLE quote (
  response_id INTEGER NOT NULL REFERENCES response (id),
  coder_id INTEGER NOT NULL REFERENCES coder (id),
  state TEXT NOT NULL CHECK (state IN ('open', 'cleared', 'withheld')),
  replacements TEXT NOT NULL,
  PRIMARY KEY (response_id, coder_id)
) STRICT, WITHOUT ROWID;

CREATE VIEW v_quote AS
  SELECT respondent.name AS respondent, question.key AS question, coder.name AS person,
    quote.state, quote.replacements, response.version, response.is_current
  FROM quote
  JOIN response ON response.id = quote.response_id
  JOIN respondent ON respondent.id = response.respondent_id
  JOIN question ON question.id = response.question_id
  JOIN coder ON coder.id = quote.coder_id;
