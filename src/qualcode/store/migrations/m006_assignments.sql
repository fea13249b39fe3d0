-- Who is to code what. An answer is whose it is, not one version of it: what changes stays assigned.
CREATE TABLE assignment (
  question_id INTEGER NOT NULL REFERENCES question (id),
  respondent_id INTEGER NOT NULL REFERENCES respondent (id),
  coder_id INTEGER NOT NULL REFERENCES coder (id),
  step_id INTEGER NOT NULL REFERENCES step (id),
  rank INTEGER NOT NULL,
  probability REAL NOT NULL,
  PRIMARY KEY (question_id, respondent_id, coder_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX assignment_of_coder ON assignment (coder_id, question_id, rank);

CREATE VIEW v_assignment AS
  SELECT respondent.name AS respondent, question.key AS question, coder.name AS coder,
    assignment.rank, count(*) OVER (PARTITION BY assignment.question_id, assignment.respondent_id)
    AS coders, assignment.probability, step.at AS time
  FROM assignment
  JOIN respondent ON respondent.id = assignment.respondent_id
  JOIN question ON question.id = assignment.question_id
  JOIN coder ON coder.id = assignment.coder_id
  JOIN step ON step.id = assignment.step_id;
