"""A figure shows the numbers that it was given, to everybody, and nothing that it was not given."""

from __future__ import annotations

import json
import math
import re
import struct
import subprocess
import sys
import zlib
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from itertools import combinations, pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qualcode.errors import InputError, MissingExtra
from qualcode.exporters.figures import (
    Chart,
    Figure,
    Flow,
    Point,
    Series,
    Stage,
    alt_text,
    data_of,
    png,
    svg,
    write_figure,
)
from qualcode.exporters.figures.lettering import fitted, width
from qualcode.exporters.figures.palette import COLOURS, DASHES, HATCHES, INK, SHAPES
from qualcode.exporters.figures.raster import ZOOM, _font_files
from qualcode.exporters.figures.scales import Scale, ends

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("bars", "dots", "lines")
HOSTILE = (
    "",
    " \n\t ",
    "a\0b\x07\x1b[31m\x7f\x9b",
    "]]><script>alert(1)</script><!-- &amp; --> <image href='http://e.org'/>",
    '" onload="alert(1)" x=\'',
    "</text></svg><svg onload=alert(1)>",
    "x" * 40_000,
    "word " * 8_000,
    "\u200d" * 40_000,
    "\u0301" * 500,
    "\ud800 \udfff",
    "\ufffe\uffff\ufdd0",
    "\u202eabc\u202c \u2067x",
    "שלום עולם, test (3)!",
    "مرحبا",
    "漢字" * 40,
    "👩‍👩‍👧 😀",
    "url(#x) {} %s {0}",
)
TAGS = {
    *("svg", "title", "desc", "metadata", "defs", "pattern"),
    *("g", "rect", "line", "path", "text", "tspan"),
}
ATTRIBUTES = {
    *("width", "height", "viewBox", "role", "aria-labelledby", "font-family", "id", "transform"),
    *("x", "y", "x1", "x2", "y1", "y2", "d", "fill", "stroke", "stroke-width", "paint-order"),
    *("stroke-dasharray", "stroke-linecap", "patternUnits"),
    *("font-size", "font-weight", "font-style", "text-anchor"),
}
rendered = pytest.mark.skipif(
    not find_spec("resvg_py") or not find_spec("font_source_sans_pro"),
    reason="qualcode[png] is not installed",
)

texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))
values = st.one_of(
    st.none(),
    st.floats(),
    st.floats(-1e12, 1e12),
    st.floats(0, 100),
    st.sampled_from((0.0, 5e-324, 1e308, 1e12, -1e12)),
)
points = st.builds(Point, values, values, values, texts)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    categories = draw(st.lists(texts, max_size=4).map(tuple))
    size = len(categories)
    of_series = st.lists(points, min_size=size, max_size=size).map(tuple)
    return Chart(
        draw(st.sampled_from(KINDS)),
        draw(texts),
        categories,
        draw(st.lists(st.builds(Series, texts, of_series), max_size=8).map(tuple)),
        draw(texts),
        draw(st.one_of(st.sampled_from(("", "%")), texts)),
        draw(st.tuples(values, values)),
        draw(st.lists(st.tuples(st.floats(), texts), max_size=3).map(tuple)),
        draw(texts),
    )


counts = st.integers(0, 10**12)
stages = st.builds(
    Stage, texts, st.none() | counts, st.lists(st.tuples(texts, counts), max_size=3).map(tuple)
)
flows = st.builds(Flow, texts, st.lists(stages, max_size=4).map(tuple), texts)
figures = st.one_of(charts(), flows)


def of(kind: str, *given_points: Point, **more: object) -> Chart:
    names = tuple(f"category {place}" for place in range(len(given_points)))
    chart = Chart(kind, "title", names, (Series("s", given_points),), "share", "%")  # type: ignore[arg-type]
    return replace(chart, **more)  # type: ignore[arg-type]


def several(kind: str, n: int) -> Chart:
    series = tuple(Series(f"series {k}", (Point(10.0 + k, 5, 20), Point(30))) for k in range(n))
    return of(kind, Point(1), Point(2), series=series)


def root(figure: Figure) -> ET.Element:
    return ET.fromstring(svg(figure))


def texts_of(figure: Figure) -> list[str]:
    return ["".join(t.text or "" for t in e.iter(f"{SVG}tspan")) for e in texts_in(root(figure))]


def texts_in(tree: ET.Element) -> list[ET.Element]:
    return list(tree.iter(f"{SVG}text"))


def bars(figure: Figure) -> list[tuple[float, float]]:
    """Where each bar begins and how long it is, in a picture of one series."""
    found = (e for e in root(figure).iter(f"{SVG}rect") if e.get("fill") == COLOURS[0])
    return [(float(e.attrib["x"]), float(e.attrib["width"])) for e in found]


def whiskers(figure: Figure, way: str = "H") -> list[tuple[float, float, int]]:
    """Where each interval begins and ends, and how many caps it has."""
    paths = (
        e.attrib["d"] for e in root(figure).iter(f"{SVG}path") if e.get("stroke-width") == "1.5"
    )
    found = []
    for path in paths:
        x, y, end = map(float, re.match(rf"M(\S+) (\S+?){way}([-\d.]+)", path).groups())  # type: ignore[union-attr]
        found.append((x if way == "H" else y, end, path.count("M") - 1))
    return found


def dots(figure: Figure) -> list[tuple[float, float]]:
    """Where each marker is."""
    places = (e.get("transform", "") for e in root(figure).iter(f"{SVG}path") if e.get("transform"))
    return [tuple(map(float, place[10:-1].split())) for place in places]  # type: ignore[misc]


def reach(tree: ET.Element) -> Iterator[float]:
    """The x of everything that is drawn, the ends of texts as they are measured."""
    for pattern in tree.iter(f"{SVG}defs"):
        pattern.clear()
    for e in tree.iter():
        if e.tag == f"{SVG}rect":
            yield float(e.get("x", 0))
            yield float(e.get("x", 0)) + float(e.attrib["width"])
        elif e.tag == f"{SVG}line":
            yield from (float(e.attrib["x1"]), float(e.attrib["x2"]))
        elif e.tag == f"{SVG}text":
            share = {"start": 0.0, "middle": 0.5, "end": 1.0}[e.attrib["text-anchor"]]
            for line in e.iter(f"{SVG}tspan"):
                long = width(line.text or "", float(e.attrib["font-size"]))
                left = float(line.attrib["x"]) - share * long
                yield from (left, left + long)
        elif e.tag == f"{SVG}path" and e.get("transform"):
            yield float(e.attrib["transform"][10:-1].split()[0])
        elif e.tag == f"{SVG}path":
            yield from (float(x) for x in re.findall(r"[MLH](-?[\d.]+)", e.attrib["d"]))


@given(figures)
@example(Chart("bars", HOSTILE[3], (), (), ""))
@example(of("lines", Point(1), title=HOSTILE[4]))
def test_no_text_becomes_an_element_an_attribute_or_a_link(figure: Figure) -> None:
    drawn = svg(figure)
    key = re.findall(r'id="(figure-[0-9a-f]{12})-title"', drawn)[0]
    for e in ET.fromstring(drawn).iter():
        assert e.tag.removeprefix(SVG) in TAGS
        assert set(e.attrib) <= ATTRIBUTES
        for value in e.attrib.values():
            assert re.sub(rf"url\(#{key}-hatch-\d\)", "", value).count("url") == 0
    assert drawn.replace("http://www.w3.org/2000/svg", "").count("xmlns") == 1


@given(figures)
@example(of("lines", Point(1), unit="x" * 40_000, categories=("w" * 90,)))
@example(of("dots", Point(-1e12), Point(1e12), unit="x" * 40_000, limits=(None, None)))
@example(replace(several("lines", 8), unit="x" * 40_000, categories=("W" * 99, "W" * 99)))
def test_everything_is_drawn_within_the_picture(figure: Figure) -> None:
    tree = root(figure)
    right = float(tree.attrib["width"])
    assert all(-0.01 <= x <= right + 0.01 for x in reach(tree))


@given(figures)
def test_the_words_and_the_data_can_be_encoded_and_read_again(figure: Figure) -> None:
    told = alt_text(figure)
    assert told == alt_text(figure)
    assert told.encode().decode() == told
    assert not re.search(r"[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", told)
    tree = root(figure)
    columns, rows = data_of(figure)
    kept = json.loads(tree.findtext(f"{SVG}metadata") or "")
    assert kept == {"title": figure.title, "columns": list(columns), "rows": [*map(list, rows)]}
    assert all(len(row) == len(columns) for row in rows)
    assert (tree.findtext(f"{SVG}desc") or "").split() == told.split()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_label_keeps_to_its_room_and_its_lines(text: str) -> None:
    label = fitted(text, 100, 12, 3)
    assert len(label.lines) <= 3
    assert label.width <= 100
    assert sum(map(len, label.lines)) <= 410
    if label.full:
        assert label.lines[-1].rstrip("\u2069").endswith("…")
        assert len(label.full) == len(text)


def test_a_label_that_is_cut_is_whole_in_its_title() -> None:
    name = "Legal procedures and requirements that delay the disclosure of data " * 3
    tree = root(of("bars", Point(1), categories=(name,)))
    titles = [title.text for text in texts_in(tree) for title in text.iter(f"{SVG}title")]
    assert titles == [name]


@pytest.mark.parametrize(("text", "first"), [("שלום, a", "\u2067"), ("a, שלום", "\u2066")])
def test_right_to_left_words_stand_in_an_isolate_of_their_own(text: str, first: str) -> None:
    (line,) = fitted(text, 500, 12).lines
    assert line == f"{first}{text}\u2069"
    assert fitted("abc", 500, 12).lines == ("abc",)


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=6))
def test_bars_are_as_long_as_their_values(sizes: list[float]) -> None:
    drawn = bars(of("bars", *map(Point, sizes)))
    assert len({start for start, _ in drawn}) == 1
    longest, most = max(length for _, length in drawn), max(sizes)
    for size, (_, length) in zip(sizes, drawn, strict=True):
        assert length == pytest.approx(longest * size / most, abs=0.011)


def test_bars_begin_at_zero_whatever_the_limits() -> None:
    (_, short), (_, long) = bars(of("bars", Point(50), Point(100), limits=(40, 100)))
    assert long == pytest.approx(2 * short, abs=0.02)


def test_negative_bars_go_to_the_left() -> None:
    (left, length), (right, _) = bars(of("bars", Point(-5), Point(5), limits=(None, None)))
    assert left + length == pytest.approx(right, abs=0.02)


def test_a_missing_value_is_its_reason_and_not_a_bar_of_zero() -> None:
    figure = of("bars", Point(4), Point(None, words="hidden: fewer than 5"), Point(math.nan))
    assert len(bars(figure)) == 1
    reasons = {
        "".join(line.text or "" for line in e): e.get("fill")
        for e in texts_in(root(figure))
        if e.get("font-style") == "italic"
    }
    assert set(reasons) == {"hidden: fewer than 5", "no value"}
    assert INK not in reasons.values()
    assert len(bars(of("bars", Point(4), Point(0)))) == 2


@pytest.mark.parametrize("kind", ["bars", "dots"])
@given(middle=st.floats(10, 90), below=st.floats(0.5, 9), above=st.floats(0.5, 9))
def test_an_interval_is_around_its_value(
    kind: str, middle: float, below: float, above: float
) -> None:
    figure = of(kind, Point(middle, middle - below, middle + above), limits=(0, 100))
    ((low, high, caps),) = whiskers(figure)
    value = sum(bars(figure)[0]) if kind == "bars" else dots(figure)[0][0]
    assert low < value < high
    assert (value - low) / (high - low) == pytest.approx(below / (below + above), abs=0.01)
    assert caps == 2


def test_an_interval_of_a_trend_is_around_its_value() -> None:
    figure = of("lines", Point(20, 10, 30), Point(30, 28, 40))
    for (low, high, _), (_, value) in zip(whiskers(figure, "V"), dots(figure), strict=True):
        assert low > value > high


def test_an_interval_beyond_the_limits_ends_there_without_a_cap() -> None:
    figure = of("dots", Point(0.9, 0.7, 1.2), limits=(0, 1), unit="")
    ((_, high, caps),) = whiskers(figure)
    assert caps == 1
    (one,) = (e for e in texts_in(root(figure)) if "".join(t.text or "" for t in e) == "1.0")
    assert high == pytest.approx(float(one[0].attrib["x"]), abs=0.02)


def test_limits_are_the_ends_of_the_axis_and_only_values_move_them() -> None:
    assert ends(of("dots", Point(3, 1, 99), limits=(0, 10)), has_zero=False) == (0, 10)
    assert ends(of("dots", Point(0.93, 0.9, 0.97), limits=(None, 1)), has_zero=False) == (0.9, 1)
    assert ends(of("dots", Point(12), limits=(0, 10)), has_zero=False)[1] >= 12
    assert ends(of("dots", Point(None)), has_zero=False) == (0, 1)


@given(st.floats(-1e6, 1e6), st.floats(1e-2, 1e6))
def test_ticks_are_round_and_evenly_apart(low: float, span: float) -> None:
    ticks = Scale(low, low + span, 0, 100).ticks()
    assert 2 <= len(ticks) <= 9
    steps = [b - a for a, b in pairwise(ticks)]
    assert max(steps) == pytest.approx(min(steps), abs=1e-9 * max(1, abs(low), span))
    assert f"{(ticks[-1] - ticks[0]) / len(steps):.0e}"[0] in "125"


def test_thousands_signs_and_units_are_set_as_they_are_printed() -> None:
    scale = Scale(-2000, 2000, 0, 100)
    assert scale.words(-1000, "%") == "−1,000 %"
    assert scale.words(0, "") == "0"


@pytest.mark.parametrize("kind", ["bars", "dots"])
def test_rows_stand_in_the_order_given_with_their_words_beside_them(kind: str) -> None:
    figure = of(kind, Point(4, words="4 % (2 of 50)"), Point(40, words="40 % (20 of 50)"))
    shown = [text for text in texts_of(figure) if "of 50" in text or "category" in text]
    assert shown == ["category 0", "4 % (2 of 50)", "category 1", "40 % (20 of 50)"]


@pytest.mark.parametrize("kind", ["bars", "dots"])
def test_reference_values_are_dashed_lines_with_their_names(kind: str) -> None:
    figure = of(kind, Point(0.5), limits=(0, 1), marks=((0.667, ".667"), (0.8, ".800")))
    dashed = [e for e in root(figure).iter(f"{SVG}line") if e.get("stroke-dasharray")]
    assert len(dashed) == 2
    assert all(e.attrib["x1"] == e.attrib["x2"] for e in dashed)
    assert {".667", ".800"} <= set(texts_of(figure))


def test_names_of_reference_values_do_not_lie_on_each_other() -> None:
    marks = tuple((0.7 + k / 100, f"quite a long name {k}") for k in range(4))
    tree = root(of("dots", Point(0.5), limits=(0, 1), marks=marks))
    names = [e[0] for e in texts_in(tree) if "quite" in (e[0].text or "")]
    assert len({e.attrib["y"] for e in names}) == 4


def test_a_missing_value_breaks_the_line_and_is_named_below() -> None:
    figure = of("lines", Point(1), Point(2), Point(None, words="not asked"), Point(3), Point(4))
    (line,) = (e for e in root(figure).iter(f"{SVG}path") if e.get("stroke-width") == "2")
    assert re.findall("[ML]", line.attrib["d"]) == ["M", "L", "M", "L"]
    assert "Not shown: category 2 (not asked)." in texts_of(figure)


def test_lines_are_named_at_their_ends_and_in_a_legend_where_names_would_meet() -> None:
    apart = several("lines", 2)
    apart = replace(apart, series=(apart.series[0], Series("far", (Point(1), Point(90)))))
    ends_at = {
        e[0].text: float(e[0].attrib["x"])
        for e in texts_in(root(apart))
        if e[0].text in {"series 0", "far"}
    }
    assert all(x > max(x for x, _ in dots(apart)) for x in ends_at.values())
    assert len(dots(several("lines", 2))) == 4 + 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_legend_names_every_series(kind: str) -> None:
    figure = several(kind, 8)
    assert {f"series {k}" for k in range(8)} <= set(texts_of(figure))


@pytest.mark.parametrize("kind", KINDS)
def test_more_series_than_can_be_told_apart_are_refused(kind: str) -> None:
    with pytest.raises(InputError, match="9 series"):
        svg(several(kind, 9))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "more",
    [
        {"categories": (), "series": ()},
        {"series": ()},
        {"series": (Series("s", (Point(None, words="hidden"),)),)},
    ],
)
def test_a_chart_of_nothing_says_so(kind: str, more: dict[str, object]) -> None:
    figure = of(kind, Point(1), **more)
    said = " ".join(texts_of(figure))
    assert "There is nothing to draw" in said or "hidden" in said
    assert not dots(figure)
    assert not bars(figure)
    assert "No value is shown." in alt_text(figure)


def test_a_flow_shows_who_is_left_and_who_went_aside() -> None:
    figure = Flow(
        "flow",
        (
            Stage("Invited", 12_450),
            Stage("Answered", 2_137, (("no reply", 10_273), ("refused", 40))),
            Stage("Analysed", None),
        ),
    )
    shown = texts_of(figure)
    assert [text for text in shown if text in {"Invited", "Answered", "Analysed"}] == [
        *("Invited", "Answered", "Analysed")
    ]
    assert {"n = 12,450", "n = 2,137", "n not known", "n = 10,273", "n = 40"} <= set(shown)
    assert (
        "Invited: 12,450. Then Answered: 2,137; before it went aside: "
        "no reply (10,273), refused (40). Then Analysed: number not known."
    ) in alt_text(figure)
    assert "nothing to draw" in " ".join(texts_of(Flow("flow", ())))


def test_the_alt_text_tells_every_value_of_a_small_chart() -> None:
    figure = of(
        "bars",
        Point(40.146, 32.3, 48.5, "40 % (55 of 137)"),
        Point(9.5, 5, 16),
        Point(None, words="hidden: fewer than 5"),
        title="Concerns",
        note="Weighted",
    )
    assert alt_text(figure) == (
        "Bar chart: Concerns. Share, in %: 3 categories. "
        "The largest: category 0, 40 % (55 of 137), interval 32.3 % to 48.5 %. "
        "The smallest: category 1, 9.5 %, interval 5 % to 16 %. "
        "All values: category 0: 40 % (55 of 137), interval 32.3 % to 48.5 %; "
        "category 1: 9.5 %, interval 5 % to 16 %. "
        "Without a value: category 2 (hidden: fewer than 5). Weighted."
    )


def test_the_alt_text_of_a_large_chart_tells_its_ends() -> None:
    told = alt_text(of("dots", *(Point(float(k)) for k in range(1, 41))))
    assert "40 categories" in told
    assert "The largest: category 39, 40 %. The smallest: category 0, 1 %." in told
    assert "All values" not in told


def test_the_alt_text_of_several_series_says_whose_a_value_is() -> None:
    told = alt_text(several("dots", 2))
    assert "2 categories in 2 series (series 0; series 1)" in told
    assert (
        "All values of series 1: category 0: 11 %, interval 5 % to 20 %; category 1: 30 %." in told
    )


@given(st.lists(points, min_size=1, max_size=5))
def test_the_data_hold_every_number_in_full(given_points: list[Point]) -> None:
    _, rows = data_of(of("dots", *given_points))
    for point, (_, _, *numbers, said) in zip(given_points, rows, strict=True):
        assert said == point.words
        for number, written in zip((point.value, point.low, point.high), numbers, strict=True):
            if number is None or not math.isfinite(number):
                assert not written
            else:
                assert float(written) == number


def test_the_data_of_a_flow_are_its_counts() -> None:
    flow = Flow("f", (Stage("a", None), Stage("b", 2, (("why", 3),))))
    assert data_of(flow) == (
        ("stage", "aside", "n"),
        (("a", "", ""), ("b", "why", "3"), ("b", "", "2")),
    )


def test_two_figures_in_one_page_share_no_id_and_every_reference_leads_somewhere() -> None:
    one, two = svg(several("bars", 8)), svg(several("bars", 7))
    ids = [re.findall(r' id="([^"]+)"', drawn) for drawn in (one, two)]
    assert len(set(ids[0] + ids[1])) == len(ids[0] + ids[1])
    for drawn, own in zip((one, two), ids, strict=True):
        used = re.findall(r"url\(#([^)]+)\)", drawn)
        used += re.findall(r'aria-labelledby="(\S+) (\S+)"', drawn)[0]
        assert len(used) > 6
        assert set(used) <= set(own)


def test_a_figure_is_read_to_those_who_do_not_see_it() -> None:
    figure = of("bars", Point(1))
    tree = root(figure)
    assert tree.get("role") == "img"
    assert [e.tag for e in tree][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert tree.findtext(f"{SVG}title") == "title"
    assert tree.findtext(f"{SVG}desc") == alt_text(figure)


def test_letters_are_large_enough_to_be_read() -> None:
    for figure in (*(several(kind, 8) for kind in KINDS), Flow("f", (Stage("a", 1),))):
        assert min(float(e.attrib["font-size"]) for e in texts_in(root(figure))) >= 11


def linear(colour: str) -> tuple[float, float, float]:
    shares = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    r, g, b = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return r, g, b


Matrix = tuple[tuple[float, float, float], ...]
NORMAL: Matrix = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
PROTANOPIA: Matrix = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)
DEUTERANOPIA: Matrix = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)


def times(matrix: Matrix, vector: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def lab(colour: str, seen: Matrix = NORMAL) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of a colour as `seen` (Machado, Oliveira & Fernandes 2009)."""
    light = tuple(min(max(part, 0.0), 1.0) for part in times(seen, linear(colour)))
    white = (0.95047, 1.0, 1.08883)
    x, y, z = (
        math.cbrt(part / of_white)
        if part / of_white > (6 / 29) ** 3
        else (part / of_white) * (29 / 6) ** 2 / 3 + 4 / 29
        for part, of_white in zip(times(TO_XYZ, light), white, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("seen", [NORMAL, PROTANOPIA, DEUTERANOPIA])
def test_colours_are_told_apart_by_colour_blind_readers(seen: Matrix) -> None:
    seen_as = [lab(colour, seen) for colour in COLOURS]
    assert min(math.dist(one, two) for one, two in combinations(seen_as, 2)) > 14
    assert min(math.dist(one, two) for one, two in combinations(seen_as[:4], 2)) > 25


def test_colours_differ_in_grey() -> None:
    greys = [lab(colour)[0] for colour in COLOURS]
    assert min(abs(one - two) for one, two in combinations(greys[:3], 2)) > 15
    assert min(abs(one - two) for one, two in combinations(greys, 2)) > 7


def test_every_series_has_a_second_sign_beside_its_colour() -> None:
    assert len({*HATCHES[1:]}) == len(HATCHES) - 1 == 7
    assert len({*DASHES}) == len({*SHAPES}) == len({*COLOURS}) == 8


def test_other_endings_are_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"f\.jpg") as raised:
        write_figure(tmp_path / "f.jpg", of("bars", Point(1)))
    assert raised.value.hint == "the endings are .svg, .png"
    assert not list(tmp_path.iterdir())


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "f.SVG"
    path.write_bytes(b"old")
    with pytest.raises(InputError):
        write_figure(path, several("bars", 9))
    assert path.read_bytes() == b"old"
    figure = of("bars", Point(1))
    write_figure(path, figure)
    assert path.read_text(encoding="utf-8") == svg(figure)


@pytest.mark.parametrize("module", ["resvg_py", "font_source_sans_pro"])
def test_without_the_library_or_its_font_the_extra_is_named(
    module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra) as raised:
        write_figure(tmp_path / "f.png", of("bars", Point(1)))
    assert raised.value.exit_code == 5
    assert raised.value.hint == "pip install 'qualcode[png]'"
    assert not list(tmp_path.iterdir())


def test_the_library_is_loaded_only_for_a_png() -> None:
    code = (
        "import sys; from qualcode.exporters.figures import *; "
        "svg(Chart('bars', 't', ('c',), (Series('s', (Point(1),)),), 'a')); "
        "print({'resvg_py', 'numpy'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def chunks(picture: bytes) -> list[tuple[bytes, bytes]]:
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    found, place = [], 8
    while place < len(picture):
        (size,) = struct.unpack_from(">I", picture, place)
        kind, content = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + size]
        (check,) = struct.unpack_from(">I", picture, place + 8 + size)
        assert check == zlib.crc32(kind + content)
        found.append((kind, content))
        place += 12 + size
    return found


def pixels(picture: bytes) -> bytes:
    return zlib.decompress(b"".join(body for kind, body in chunks(picture) if kind == b"IDAT"))


@rendered
@pytest.mark.parametrize(
    "figure", [*(several(kind, 3) for kind in KINDS), Flow("Ελληνικά", (Stage("a", 1),))]
)
def test_a_png_is_valid_and_holds_its_alt_text(figure: Figure) -> None:
    found = chunks(png(figure))
    kinds = [kind for kind, _ in found]
    assert kinds[0] == b"IHDR"
    assert kinds[-1] == b"IEND"
    assert len(kinds) == len(set(kinds)) or kinds.count(b"IDAT") > 1
    tree = root(figure)
    size = tuple(math.ceil(ZOOM * float(tree.attrib[side])) for side in ("width", "height"))
    assert struct.unpack(">II", found[0][1][:8]) == pytest.approx(size, abs=1)
    contents = dict(found)
    assert contents[b"pHYs"] == struct.pack(">IIB", 11_811, 11_811, 1)
    keyword, _, told = contents[b"iTXt"].partition(b"\0\0\0\0\0")
    assert (keyword, told.decode()) == (b"Description", alt_text(figure))


@rendered
def test_a_png_shows_the_numbers_and_the_letters() -> None:
    figure = of("bars", Point(10))
    blank = pixels(png(of("bars", title="")))
    assert len(set(pixels(png(figure)))) > len(set(blank)) > 0
    assert pixels(png(figure)) != pixels(png(replace(figure, title="other")))
    assert pixels(png(figure)) != pixels(png(replace(figure, limits=(0, 100))))
    assert png(figure) == png(figure)


@rendered
def test_letters_are_drawn_on_a_machine_without_fonts() -> None:
    resvg = import_module("resvg_py")

    def drawn(title: str, fonts: list[str]) -> bytes:
        picture = svg(of("bars", Point(1), title=title))
        picture = re.sub(r"<metadata>.*?</metadata>", "", picture)
        done = resvg.svg_to_bytes(svg_string=picture, font_files=fonts, skip_system_fonts=True)
        return pixels(done)

    assert drawn("one", []) == drawn("two", [])
    assert drawn("one", _font_files()) != drawn("two", _font_files())


def test_a_png_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(InputError, match="too tall"):
        png(of("dots", *(Point(float(k)) for k in range(500))))


@rendered
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_a_png(text: str, tmp_path: Path) -> None:
    path = tmp_path / "f.png"
    write_figure(path, of("lines", Point(1, words=text), title=text, categories=(text,), note=text))
    assert chunks(path.read_bytes())[-1][0] == b"IEND"
