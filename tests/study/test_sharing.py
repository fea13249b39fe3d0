"""A shared copy holds what was coded and nothing of what was said, and counts the same."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from qualcode import Study
from qualcode.errors import Conflict
from qualcode.model import Drawn
from qualcode.store import codings as store_codings
from qualcode.store import queues
from qualcode.store.journal import Act
from qualcode.store.quotes import Clearing
from qualcode.store.verdicts import Verdict
from qualcode.study import sharing
from studies import codings, errors, make, plant, take_in, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done


@pytest.fixture
def coded(sample: Path) -> Path:
    """The sample study with clauses, memos, flags, a verdict, quotes and a changed answer."""
    with Study.open(sample) as study:
        session, _ = study.session("coder-a", "Q5")
        first, second, third, fourth = session.queue()[:4]
        code = session.codes[0].id
        session.write_memo(first, "a memo that names Mrs Example")
        session.flag(second)
        session.toggle(third, code, (0, 4))
        person = session.coder.id
        verdict = Verdict(person, (code,), "Reason told in confidence", "Remark in confidence")
        words = Clearing("cleared", ((0, 3, "[…]"),)).text
        store_codings.perform(
            study.database,
            person,
            "clear",
            [
                Act("adjudicate", fourth, after=verdict.text),
                Act("clear", fourth, after=words),
                Act("clear", third, after=words),
            ],
            by="coder-a",
        )
        study.session("Xq-lead")
        lead = study.adjudicating("Xq-lead", "Q5")
        lead.send_back(lead.queue("open")[0], "Question in confidence")
        case = lead.case(lead.queue("open")[0])
        answer, [code, *_] = case.response.id, case.disputed
        lead.settle(answer, [code])
        lead.explain(answer, "other")
        lead.write_memo(answer, "Memo in confidence")
        for number, field in enumerate(("examples", "include", "exclude")):
            lead.add_to_codebook(answer, code, field, f"Xq {number} {case.response.text}")
    plant(
        sample,
        "UPDATE respondent SET attributes ="
        " json_set(attributes, '$.agency_type', 'Xq-agency-' || id)",
    )
    return sample


def share(study: Path, *keep: str, with_coders: bool = False) -> Path:
    copy = study.with_name("shared.db")
    with Study.open(study, readonly=True) as opened:
        sharing.share(opened.database, copy, keep=keep, with_coders=with_coders)
    return copy


def rows(study: Path, sql: str) -> list[Any]:
    with Study.open(study, readonly=True) as opened:
        return opened.database.rows(sql)


def is_in(words: str, content: bytes) -> bool:
    """Whether words stand in a file, in any form in which SQLite or JSON would keep them."""
    forms = {words.encode(), words.encode("utf-16-le"), json.dumps(words)[1:-1].encode()}
    return any(form in content for form in forms)


def test_no_answer_id_or_attribute_is_in_the_bytes(coded: Path) -> None:
    # Short numbers may stand in a time or in random bytes by chance: these do not.
    plant(
        coded,
        "UPDATE respondent SET name = 'Xq-name-' || id, attributes ="
        " json_set(attributes, '$.weight', '98765.43' || id)",
    )
    copy = share(coded, "jurisdiction_size")
    content = copy.read_bytes()
    printed = {text for (text,) in rows(copy, "SELECT text FROM response")}
    told = " ".join(
        text
        for (text,) in rows(
            copy,
            "SELECT text FROM question UNION ALL SELECT text FROM codebook_version"
            " UNION ALL SELECT definition || include || exclude || keywords FROM code",
        )
    )
    answers = {text for (text,) in rows(coded, "SELECT text FROM response WHERE text <> ''")}
    # What questions, codebooks and cleared quotes say themselves is no secret.
    told += " ".join(printed)
    secret = {text for text in answers if text not in told and len(text) > 3}
    assert len(secret) > 400
    assert [text for text in secret if is_in(text, content)] == []
    for (attributes,) in rows(coded, "SELECT attributes FROM respondent"):
        for attribute, value in json.loads(attributes).items():
            if attribute != "jurisdiction_size" and len(value) > 3 and value not in told:
                assert not is_in(value, content), attribute
    assert b"Xq-name" not in content
    assert b"Xq-agency" not in content
    assert rows(copy, "SELECT count(*) FROM query") == [(0,)]
    assert not is_in("double_barrelled", content)
    for words in (
        *("Mrs Example", "in confidence", "Xq ", "Xq-lead", "coder-a", "coder-b", "survey.csv"),
        "stratum",
    ):
        assert not is_in(words, content), words
    uids = rows(
        coded,
        "SELECT uid FROM response UNION SELECT uid FROM step UNION"
        " SELECT uid FROM study UNION SELECT uid FROM coder UNION SELECT uid FROM code",
    )
    assert not [uid for (uid,) in uids if uid in content]


def test_the_copy_is_a_whole_study(coded: Path, qualcode: Callable[..., Done]) -> None:
    copy = share(coded, "jurisdiction_size")
    assert errors(copy) == []
    assert qualcode("doctor", copy).code == 0
    for words in ("info", "log", "design"):
        assert qualcode(words, copy).code == 0
    statuses = "SELECT question_id, status, count(*) FROM response WHERE is_current GROUP BY 1, 2"
    assert rows(copy, statuses) == rows(coded, statuses)
    with Study.open(copy) as opened:
        session, _ = opened.session("A", "Q5")
        assert session.undo()
        assert session.redo()
    assert errors(copy) == []


def agreement(study: Path, question: str, qualcode: Callable[..., Done]) -> dict[str, Any]:
    found: dict[str, Any] = qualcode("agreement", study, "--question", question, "--json").json
    return {name: found[name] for name in ("overall", "codes", "pairs", "n_responses")}


COEFFICIENTS = ("n", "prevalence", "percent_agreement", "fleiss_kappa", "alpha", "gwet_ac1")


def near(value: Any) -> Any:
    """Numbers as far as sums in another order give them."""
    if isinstance(value, dict):
        return {key: near(each) for key, each in value.items()}
    if isinstance(value, list):
        return [near(each) for each in value]
    return round(value, 9) if isinstance(value, float) else value


@pytest.mark.parametrize("question", ["Q1", "Q5"])
def test_agreement_comes_out_the_same(
    coded: Path, qualcode: Callable[..., Done], question: str
) -> None:
    copy = share(coded, with_coders=True)
    assert near(agreement(copy, question, qualcode)) == near(agreement(coded, question, qualcode))


def test_agreement_comes_out_the_same_under_other_names(
    coded: Path, qualcode: Callable[..., Done]
) -> None:
    found = [agreement(study, "Q5", qualcode) for study in (share(coded), coded)]
    copied, original = (
        {code["code"]: [near(code[name]) for name in COEFFICIENTS] for code in each["codes"]}
        for each in found
    )
    assert copied == original
    assert near(found[0]["overall"]) == near(found[1]["overall"])


@pytest.mark.parametrize(
    "words",
    [
        "--question Q5 --unweighted",
        "--question Q5",
        "--question Q5 --by jurisdiction_size",
        "--question Q1 --rule unanimous --base coded",
        "--question Q5 --rule adjudicated --base asked --unweighted --internal",
    ],
)
def test_frequencies_come_out_the_same(
    coded: Path, qualcode: Callable[..., Done], words: str
) -> None:
    copy = share(coded, "jurisdiction_size", "stratum", "weight", with_coders=True)
    found = [
        qualcode("frequencies", study, *words.split(), "--json").json for study in (copy, coded)
    ]
    assert near(found[0]) == near(found[1])


def test_cleared_quotes_stand_as_they_may_be_printed_and_are_still_cleared(
    coded: Path, qualcode: Callable[..., Done]
) -> None:
    copy = share(coded)
    texts = rows(copy, "SELECT text FROM v_quote JOIN v_response USING (respondent, question)")
    assert len(texts) == 1
    assert texts[0][0].startswith("[…]")
    out = copy.with_name("quotes.csv")
    assert qualcode("export", copy, "quotes", out).code == 0
    assert "[…]" in out.read_text()


def test_where_parts_were_coded_signs_keep_the_length(coded: Path) -> None:
    copy = share(coded)
    spans = (
        'SELECT "start", "end", length(text), text FROM v_coding'
        ' JOIN v_response USING (respondent, question, version) WHERE "start" IS NOT NULL'
    )
    old = sorted(row[:3] for row in rows(coded, spans))
    assert old
    assert sorted(row[:3] for row in rows(copy, spans)) == old
    assert {"".join(set(text)) for *_, text in rows(copy, spans)} == {"░"}


def test_nothing_tells_the_order_of_the_file(coded: Path) -> None:
    copy = share(coded, "years_experience")
    column = "SELECT attributes ->> '$.years_experience' FROM respondent ORDER BY id"
    assert sorted(rows(copy, column)) == sorted(rows(coded, column))
    assert rows(copy, column) != rows(coded, column)
    for (name,) in rows(copy, "SELECT name FROM coder"):
        order = rows(
            copy,
            "SELECT response_id FROM act JOIN step ON step.id = step_id JOIN coder"
            f" ON coder.id = coder_id WHERE name = '{name}' AND kind = 'share' ORDER BY act.id",
        )
        runs = sum(one > other for one, other in pairwise(order))
        assert runs <= 1  # one step of codings, and one of quotes


def test_coders_keep_their_names_where_that_is_wanted(coded: Path) -> None:
    copy = share(coded, with_coders=True)
    names = "SELECT name FROM coder ORDER BY id"
    assert rows(copy, names) == rows(coded, names)
    count = "SELECT coder, count(*) FROM v_coding GROUP BY 1 ORDER BY 1"
    assert rows(copy, count) == rows(coded, count)


def test_what_a_model_chose_stays_marked(small: Path, qualcode: Callable[..., Done]) -> None:
    take_in_codings(small, "r1,why,ana,reach,,", "r2,why,ana,,,")
    with Study.open(small) as study:
        session, _ = study.session("ana", "why")
        queue = queues.take_up(
            study.database, session.coder, session.question, kind="uncertain", seed=9
        )
        drawn = Drawn(session.queue()[0], "uncertain", 3, 4, 0.5, is_blind=False)
        queues.add(study.database, queue, [drawn])
    copy = share(small)
    words = ("--question", "why", "--base", "coded")
    refused = [qualcode("frequencies", study, *words) for study in (copy, small)]
    assert [done.code for done in refused] == [1, 1]
    assert rows(copy, "SELECT seed, how, place, probability, code FROM v_draw") == [
        (0, "uncertain", 0, None, None)
    ]


def test_an_earlier_version_of_an_answer_is_left_out(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,", "r2,why,ana,cost,,")
    take_in(small, "id,region,asked,weight,why,how\nr1,north,yes,1.5,changed,we call them\n")
    copy = share(small)
    assert rows(copy, "SELECT count(*) FROM response") == [(12,)]
    assert [row[3] for row in codings(copy)] == ["cost"]


def test_a_rule_stays_where_its_columns_do(tmp_path: Path) -> None:
    from qualcode.study.design import Design  # noqa: PLC0415

    study = make(tmp_path, design=Design(asked_if={"why": 'asked == "yes"'}))
    rule = "SELECT asked_if FROM question WHERE key = 'why'"
    status = "SELECT status, count(*) FROM response GROUP BY 1"
    without = share(study)
    assert (rows(without, rule), rows(without, status)) == ([("",)], rows(study, status))
    without.unlink()
    assert rows(share(study, "asked"), rule) == rows(study, rule)


def test_a_copy_takes_in_nothing_that_would_change_its_statuses(
    small: Path, qualcode: Callable[..., Done]
) -> None:
    copy = share(small)
    with pytest.raises(Conflict, match="a shared copy takes in no answers"):
        take_in(copy, "id,why,how\nr1,a,b\n")
    done = qualcode("design", copy, "--blank", "[withheld]")
    assert (done.code, "a shared copy keeps the statuses" in done.err) == (4, True)


def test_examples_and_comments_of_codebooks_stay_at_home(small: Path) -> None:
    book = "# said by r1\ncodebook: New\ncodes:\n  - key: x\n    examples: [word for word]\n"
    from studies import apply_book  # noqa: PLC0415

    apply_book(small, book)
    copy = share(small)
    assert rows(copy, "SELECT examples FROM code WHERE path = 'x'") == [("[]",)]
    assert b"word for word" not in copy.read_bytes()
    assert b"said by" not in copy.read_bytes()


def test_the_command(small: Path, qualcode: Callable[..., Done]) -> None:
    copy = small.with_name("copy.db")
    done = qualcode("share", small, copy, "--keep", "region")
    assert done.code == 0
    assert "6 respondents, region, 0 quotes" in done.err
    assert "6 respondents share these attributes with fewer than 4 others" in done.err
    assert "a copy to be shared" in qualcode("info", copy).out
    assert qualcode("share", small, copy).code == 4
    nosuch = qualcode("share", small, small.with_name("y.db"), "--keep", "regoin")
    assert (nosuch.code, "did you mean “region”?" in nosuch.err) == (3, True)
    assert not small.with_name("y.db").exists()


def test_merged_and_split_codes_count_as_in_the_study(
    coded: Path, qualcode: Callable[..., Done]
) -> None:
    used = "SELECT put_as FROM v_coding WHERE question = 'Q5' GROUP BY 1 ORDER BY count(*) DESC"
    (one,), (other,), (split,), *_ = rows(coded, used)
    assert qualcode("codebook", "merge", coded, other, one).code == 0
    assert qualcode("codebook", "split", coded, split, "near", "far").code == 0
    copy = share(coded, with_coders=True)
    assert errors(copy) == []
    for sums in (
        "SELECT coder, code, put_as, count(*) FROM v_coding WHERE is_current GROUP BY 1, 2, 3",
        "SELECT code, count(*) FROM v_verdict GROUP BY 1",
        "SELECT path, is_retired, merged_into, split_into FROM v_code",
    ):
        assert rows(copy, sums) == rows(coded, sums)
    assert near(agreement(copy, "Q5", qualcode)) == near(agreement(coded, "Q5", qualcode))
    words = ("--question", "Q5", "--rule", "majority", "--base", "coded", "--unweighted", "--json")
    counts = [qualcode("frequencies", study, *words).json for study in (copy, coded)]
    assert near(counts[0]) == near(counts[1])
    left = [
        [each["split"] for each in qualcode("info", study, "--json").json["questions"]]
        for study in (copy, coded)
    ]
    assert left[0] == left[1]
    assert any(left[0])
