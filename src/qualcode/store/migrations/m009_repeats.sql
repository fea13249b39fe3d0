-- Which answers a coder is to code a second time: `gap` places behind the first time in their queue.
CREATE TABLE repeat (
  question_id INTEGER NOT NULL REFERENCES question (id),
  respondent_id INTEGER NOT NULL REFERENCES respondent (id),
  coder_id INTEGER NOT NULL REFERENCES coder (id),
  step_id INTEGER NOT NULL REFERENCES step (id),
  gap INTEGER NOT NULL,
  probability REAL NOT NULL,
  PRIMARY KEY (question_id, respondent_id, coder_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX repeat_of_coder ON repeat (coder_id, question_id);

-- What coders made of answers the second time: apart from `coding` and `mark`, which everything reads.
CREATE TABLE repeated (
  response_id INTEGER NOT NULL REFERENCES response (id),
  coder_id INTEGER NOT NULL REFERENCES coder (id),
  state TEXT NOT NULL,
  PRIMARY KEY (response_id, coder_id)
) STRICT, WITHOUT ROWID;

CREATE VIEW v_repeat AS
  SELECT respondent.name AS respondent, question.key AS question, coder.name AS coder, repeat.gap,
    repeat.probability, step.at AS time
  FROM repeat
  JOIN respondent ON respondent.id = repeat.respondent_id
  JOIN question ON question.id = repeat.question_id
  JOIN coder ON coder.id = repeat.coder_id
  JOIN step ON step.id = repeat.step_id;

-- One layer more; which there are is said in `store.journal` alone.
ALTER TABLE head RENAME TO old_head;

CREATE TABLE head (
  response_id INTEGER NOT NULL REFERENCES response (id),
  coder_id INTEGER NOT NULL,
  layer TEXT NOT NULL,
  act_id INTEGER NOT NULL REFERENCES act (id),
  PRIMARY KEY (response_id, coder_id, layer)
) STRICT, WITHOUT ROWID;

INSERT INTO head SELECT response_id, coder_id, layer, act_id FROM old_head;

DROP TABLE old_head;
