"""What stands once every act is there: worked out anew for each place that a new act is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.store import codebook_settling, queries, quotes, repeats, reviews, standing, verdicts
from qualcode.store.journal import LAYER, OWNER
from qualcode.store.merging.context import About, Difference

if TYPE_CHECKING:
    from qualcode.store.connection import Database

_TABLES = ("touched", "link", "behind")
_ON_CHAIN = "act.id IN (SELECT act_id FROM temp.link)"
_SAME_PLACE = (
    f"touched.response_id = act.response_id AND touched.coder_id = {OWNER}"
    f" AND touched.layer = {LAYER}"
)


def settle(study: Database, first_act: int) -> list[Difference]:
    """Bring up to date what follows from the journal; the acts from `first_act` on are new."""
    _drop_temporary(study)
    _find_touched(study, first_act)
    _find_heads(study, first_act)
    _find_chains(study)
    differences = _forks(study)
    differences += [Difference("codebook", words) for words in codebook_settling.part(study)]
    _write_lost(study)
    _write_codings(study)
    _write_marks(study)
    _write_texts(study)
    _write_queries(study, first_act)
    standing.settle_stacks(study)
    _drop_temporary(study)
    return differences


def _drop_temporary(study: Database) -> None:
    for name in _TABLES:
        study.run(f"DROP TABLE IF EXISTS temp.{name}")


def _find_touched(study: Database, first_act: int) -> None:
    study.run(
        "CREATE TEMP TABLE touched (response_id INTEGER, coder_id INTEGER, layer TEXT,"
        " PRIMARY KEY (response_id, coder_id, layer)) WITHOUT ROWID"
    )
    study.run(
        f"INSERT OR IGNORE INTO temp.touched SELECT response_id, {OWNER}, {LAYER}"
        " FROM act JOIN step ON step.id = step_id WHERE act.id >= ? AND response_id IS NOT NULL"
        f" AND NOT {standing.IS_ASKING}",
        (first_act,),
    )


def _find_heads(study: Database, first_act: int) -> None:
    """The latest act of each touched place: a new one, or the one that stood last."""
    study.run(
        f"INSERT INTO head SELECT response_id, {OWNER}, {LAYER}, act.id"
        " FROM (SELECT id FROM act WHERE id >= ? AND response_id IS NOT NULL"
        f" AND NOT {standing.IS_ASKING} UNION ALL"
        " SELECT act_id FROM temp.touched JOIN head USING (response_id, coder_id, layer)) AS one"
        " CROSS JOIN act ON act.id = one.id CROSS JOIN step ON step.id = act.step_id"
        " ORDER BY clock, step.uid, act.id"
        # In order of time: the last one written is the latest.
        " ON CONFLICT DO UPDATE SET act_id = excluded.act_id",
        (first_act,),
    )


def _find_chains(study: Database) -> None:
    """`link` holds the acts that count at the touched places, `behind` those that do not."""
    study.run("CREATE TEMP TABLE link (act_id INTEGER PRIMARY KEY)")
    study.run(
        "WITH RECURSIVE chain (act_id) AS (SELECT act_id FROM temp.touched JOIN head"
        " USING (response_id, coder_id, layer) UNION ALL SELECT base FROM chain"
        " JOIN act ON act.id = act_id WHERE base IS NOT NULL)"
        " INSERT INTO temp.link SELECT act_id FROM chain"
    )
    study.run("CREATE TEMP TABLE behind (act_id INTEGER PRIMARY KEY)")
    study.run(
        "INSERT INTO temp.behind SELECT act.id FROM act CROSS JOIN step ON step.id = act.step_id"
        f" CROSS JOIN temp.touched ON {_SAME_PLACE} WHERE NOT {_ON_CHAIN}"
    )


_WHOSE: dict[str, tuple[About, str]] = {
    "coding": ("coding", "{coder} coded {answer} on both sides"),
    "quote": ("quote", "{coder} cleared {answer} as a quote on both sides"),
    "verdict": ("verdict", "{answer} was settled on both sides"),
    "repeat": ("repeat", "{coder} coded {answer} a second time on both sides"),
    "review": ("review", "what {coder} noted on {answer} was dealt with on both sides"),
}


def _forks(study: Database) -> list[Difference]:
    """The places where acts stop counting that counted, or come in without counting."""
    found = []
    for who, key, layer, coder, by, at, acts in study.rows(
        "SELECT respondent.name, question.key, touched.layer, owner.name, latest.by_name,"
        " latest.at, count(*) FROM temp.behind"
        " CROSS JOIN act ON act.id = behind.act_id CROSS JOIN step ON step.id = act.step_id"
        f" CROSS JOIN temp.touched ON {_SAME_PLACE}"
        " JOIN head ON head.response_id = touched.response_id"
        " AND head.coder_id = touched.coder_id AND head.layer = touched.layer"
        " JOIN act AS last ON last.id = head.act_id JOIN step AS latest ON latest.id = last.step_id"
        " JOIN response ON response.id = touched.response_id"
        " JOIN respondent ON respondent.id = respondent_id"
        " JOIN question ON question.id = question_id"
        " LEFT JOIN coder AS owner ON owner.id = touched.coder_id"
        " WHERE behind.act_id NOT IN (SELECT act_id FROM lost)"
        " GROUP BY touched.response_id, touched.coder_id, touched.layer"
    ):
        about, words = _WHOSE[layer]
        said = words.format(coder=coder, answer=f"{who}, {key}")
        stands = (
            f"what {by} did last, at {at}, stands"
            if about in {"verdict", "review"}
            else (f"the side that was at work last, at {at}, stands")
        )
        found.append(Difference(about, f"{said}; {stands}; acts that no longer count: {acts}"))
    return found


def _write_lost(study: Database) -> None:
    study.run("DELETE FROM lost WHERE act_id IN (SELECT act_id FROM temp.link)")
    study.run("INSERT OR IGNORE INTO lost SELECT act_id FROM temp.behind")


_TOUCHED = "(SELECT response_id, coder_id FROM temp.touched WHERE layer = 'coding')"


def _write_codings(study: Database) -> None:
    study.run(f"DELETE FROM coding WHERE (response_id, coder_id) IN {_TOUCHED}")
    study.run(
        "INSERT INTO coding (coder_id, response_id, code_id, span_start, span_end, source,"
        f" codebook_version_id) {standing.codings(_ON_CHAIN)}"
    )


def _write_marks(study: Database) -> None:
    study.run(f"DELETE FROM mark WHERE (response_id, coder_id) IN {_TOUCHED}")
    for column, rows in (
        ("decided", standing.decisions(_ON_CHAIN)),
        ("is_flagged", standing.flags(_ON_CHAIN)),
        ("memo", standing.memos(_ON_CHAIN)),
    ):
        study.run(
            f"INSERT INTO mark (coder_id, response_id, {column}) {rows}"
            f" ON CONFLICT DO UPDATE SET {column} = excluded.{column}"
        )


def _write_texts(study: Database) -> None:
    """Quotes, repeats, verdicts and reviews, which acts keep as texts."""
    for response_id, coder_id, layer in study.rows(
        "SELECT response_id, coder_id, layer FROM temp.touched WHERE layer <> 'coding'"
    ):
        if layer == "verdict":
            verdicts.put(study, response_id, None)
        elif layer == "review":
            reviews.clear(study, response_id, coder_id)
        else:
            put = repeats.put if layer == "repeat" else quotes.put
            put(study, (response_id, coder_id), None)
    for response_id, text in study.rows(standing.verdicts(_ON_CHAIN)):
        verdicts.put(study, response_id, text)
    for rows, put in (
        (standing.quotes(_ON_CHAIN), quotes.put),
        (standing.repeats(_ON_CHAIN), repeats.put),
    ):
        for coder_id, response_id, text in study.rows(rows):
            put(study, (response_id, coder_id), text)
    for response_id, text in study.rows(standing.reviews(_ON_CHAIN)):
        reviews.put(study, response_id, None, text)


def _write_queries(study: Database, first_act: int) -> None:
    """What coders were asked about the answers that a new act about a question is on."""
    touched = study.rows(
        f"SELECT DISTINCT response_id FROM act WHERE id >= ? AND {standing.IS_ASKING}",
        (first_act,),
    )
    study.run_many("DELETE FROM query WHERE response_id = ?", touched)
    among = f"response_id IN ({', '.join(str(number) for (number,) in touched)})"
    for response_id, text, is_answered in study.rows(standing.asked(among)) if touched else ():
        queries.put(study, response_id, "ask", text)
        if is_answered:
            queries.put(study, response_id, "answer", text)


def keep_codes(study: Database, before: set[str]) -> list[Difference]:
    """Keep the codes that hold codings and that no present version has; those not in `before`."""
    for (book,) in study.rows("SELECT id FROM codebook ORDER BY id"):
        codebook_settling.settle(study, book)
    return [
        Difference(
            "codebook",
            f"the code {path} is not in the version that stands and holds codings: it is kept,"
            " retired",
        )
        for path in sorted(codebook_settling.kept_beside(study) - before)
    ]
