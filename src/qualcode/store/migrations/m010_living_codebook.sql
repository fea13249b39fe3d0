-- What became of a code: a merged one counts as another, a split one waits to be coded anew.
ALTER TABLE code ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';

ALTER TABLE code ADD COLUMN split_into TEXT NOT NULL DEFAULT '[]';

-- The code that it counts as at the end of a chain of merges; NULL for itself.
ALTER TABLE code ADD COLUMN counts_as INTEGER REFERENCES code (id);

-- A subquery and no join, so that SQLite looks into `coding` as it would without it.
CREATE VIEW v_counted AS
  SELECT coder_id, response_id,
    ifnull((SELECT counts_as FROM code WHERE code.id = coding.code_id), code_id) AS code_id,
    span_start, span_end, source, code_id AS put_as
  FROM coding;

DROP VIEW v_code;

CREATE VIEW v_code AS
  SELECT codebook.name AS codebook, code.path, code.name, code.hotkey, code.definition,
    code.include, code.exclude, code.examples, code.keywords, code.is_exclusive, code.status,
    code.is_retired, code.merged_into, code.split_into, lower(hex(code.uid)) AS uid
  FROM code
  JOIN codebook ON codebook.id = code.codebook_id
  WHERE code.is_removed = 0
  ORDER BY codebook.id, code.position;

DROP VIEW v_coding;

CREATE VIEW v_coding AS
  SELECT respondent.name AS respondent, question.key AS question, coder.name AS coder,
    code.path AS code, coding.span_start AS "start", coding.span_end AS "end", coding.source,
    response.version, response.is_current, codebook.name AS codebook,
    codebook_version.number AS codebook_version, own.path AS put_as
  FROM coding
  JOIN response ON response.id = coding.response_id
  JOIN respondent ON respondent.id = response.respondent_id
  JOIN question ON question.id = response.question_id
  JOIN coder ON coder.id = coding.coder_id
  JOIN code AS own ON own.id = coding.code_id
  JOIN code ON code.id = ifnull(own.counts_as, own.id)
  JOIN codebook ON codebook.id = code.codebook_id
  JOIN codebook_version ON codebook_version.id = coding.codebook_version_id;

DROP VIEW v_verdict;

CREATE VIEW v_verdict AS
  SELECT DISTINCT respondent.name AS respondent, question.key AS question,
    coder.name AS adjudicator, code.path AS code, verdict.reason, verdict.memo,
    response.version, response.is_current
  FROM verdict
  JOIN response ON response.id = verdict.response_id
  JOIN respondent ON respondent.id = response.respondent_id
  JOIN question ON question.id = response.question_id
  JOIN coder ON coder.id = verdict.coder_id
  LEFT JOIN json_each(verdict.codes) AS settled
  LEFT JOIN code AS own ON own.id = settled.value
  LEFT JOIN code ON code.id = ifnull(own.counts_as, own.id);

-- The memos and flags that somebody has dealt with; another text is another question.
CREATE TABLE review (
  response_id INTEGER NOT NULL REFERENCES response (id),
  coder_id INTEGER NOT NULL REFERENCES coder (id),
  kind TEXT NOT NULL CHECK (kind IN ('memo', 'flag')),
  text TEXT NOT NULL,
  reviewer_id INTEGER NOT NULL REFERENCES coder (id),
  note TEXT NOT NULL,
  PRIMARY KEY (response_id, coder_id, kind)
) STRICT, WITHOUT ROWID;

CREATE VIEW v_review AS
  SELECT respondent.name AS respondent, question.key AS question, coder.name AS coder,
    review.kind, review.text, reviewer.name AS reviewer, review.note,
    response.version, response.is_current
  FROM review
  JOIN response ON response.id = review.response_id
  JOIN respondent ON respondent.id = response.respondent_id
  JOIN question ON question.id = response.question_id
  JOIN coder ON coder.id = review.coder_id
  JOIN coder AS reviewer ON reviewer.id = review.reviewer_id;
