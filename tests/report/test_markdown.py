"""The Markdown report, read with GitHub's own Markdown renderer."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.report.example import HOSTILE, example_report
from voxemo_scan.report.markdown import to_markdown
from voxemo_scan.report.markdown_text import code, escape, link, row
from voxemo_scan.text import clean

MARKS = st.text("\\`*_{}[]<>()#+-.!|~&@:/$^\"'= \nawx1\u00e9", max_size=25)


def rendered(markdown):
    page = cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE)
    # GitHub links an e-mail address however it is spelt; that is no harm.
    return re.sub(r'<a href="mailto:[^"]*">([^<]*)</a>', r"\1", page)


def cells(page):
    return [
        [
            html.unescape(re.sub(r"<[^>]+>", "", cell))
            for cell in re.findall(r"<t[dh].*?>(.*?)</t", r)
        ]
        for r in re.findall(r"<tr>(.*?)</tr>", page, re.S)
    ]


@settings(max_examples=200)
@given(MARKS)
@example("https://example.org/a_b www.example.org a@example.org mailto:a@b.org")
@example("<b>bold</b> &amp; `code` **strong** _em_ ~~gone~~ ![i](j) [l](m)")
@example("1. list")
@example("=====")
def test_escaped_text_shows_as_it_stands_and_nothing_else(text):
    page = rendered(f"x\n\n{escape(text)}\n\nx")
    middle = re.fullmatch(r"<p>x</p>\n(?:<p>([^<]*)</p>\n)?<p>x</p>\n", page)
    assert middle
    assert html.unescape(middle[1] or "") == clean(text)


@settings(max_examples=150)
@given(MARKS)
def test_escaped_text_stays_in_its_table_cell(text):
    table = "\n".join([row(["a", "b"]), row(["---", "---"]), row([escape(text), "end"])])
    assert cells(rendered(table))[1] == [clean(text), "end"]


@given(MARKS.filter(clean))
def test_code_shows_what_it_holds(text):
    page = rendered(f"x {code(text)} x")
    assert html.unescape(re.fullmatch(r"<p>x <code>([^<]*)</code> x</p>\n", page)[1]) == clean(text)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/watch?v=a_b*c&t=39",
        "https://example.org/(brackets)[x]",
        "http://example.org/%7Cpipe|x#part",
    ],
)
def test_a_link_leads_where_it_says(address):
    page = rendered(f"{link(address)} end")
    target, shown = re.fullmatch(r'<p><a href="([^"]*)">([^<]*)</a> end</p>\n', page).groups()
    assert html.unescape(shown) == address
    unquoted = {"%5B": "[", "%5D": "]", "%28": "(", "%29": ")", "%7C": "|"}
    same = html.unescape(target)
    for quoted, mark in unquoted.items():
        same, address = same.replace(quoted, mark), address.replace(quoted, mark)
    assert same == address


def test_the_summary_has_a_row_a_scene_with_ours_and_the_published_figures():
    summary = cells(rendered(to_markdown(example_report())))[:7]
    assert summary[0] == [
        "Scene", "Shares of speech time", "Strongest", "95 %", "Speech", "Verdict", "Published",
    ]  # fmt: skip
    assert summary[1] == [
        "A Few Good Men",
        "⬜🟨🟦🟥🟥🟥🟥🟩🟩🟩Angry 40 %, disgust 27 %, sad 13 %; other 20 %",
        "angry",
        "32\u201348 %",
        "1:17",
        "passed",
        "angry 47 %, disgust 36 %, sad 10 %",
    ]
    assert summary[5] == ["Pulp Fiction", "not analysed", "", "", "", "no result", "angry 100 %"]
    assert summary[6][0] == clean(HOSTILE)


def test_the_summary_has_no_published_column_where_nothing_was_published():
    report = example_report()
    alone = replace(report, scenes=(report.scenes[3],))
    assert cells(rendered(to_markdown(alone)))[0][-1] == "Verdict"


def test_each_row_of_the_summary_leads_to_its_scene():
    page = rendered(to_markdown(example_report()))
    targets = re.findall(r'href="#([^"]+)"', page)
    assert len(targets) == 6
    assert targets == re.findall(r'<h2><a id="([^"]+)"></a>', page)


def test_a_scene_has_all_six_shares_though_its_prose_gathers_the_small_ones():
    text = to_markdown(example_report())
    section = text[text.index("</a>One line only") : text.index("</a>Pulp Fiction")]
    assert "Happy 80 %; other 20 %." in section
    table = cells(rendered(section))
    assert [line[:2] for line in table[1:]] == [
        ["neutral", "5.0 %"],
        ["happy", "80.0 %"],
        ["sad", "5.0 %"],
        ["angry", "4.0 %"],
        ["fear", "3.0 %"],
        ["disgust", "3.0 %"],
    ]
    assert "Voices: women 97 %, men 3 % of speech time." in section


def test_the_figures_stand_in_a_code_block_and_the_tables_fold():
    page = html.unescape(rendered(to_markdown(example_report())))
    blocks = re.findall(r"<pre[^>]*><code[^>]*>(.*?)</code></pre>", page, re.S)
    assert len(blocks) == 4
    assert blocks[0].splitlines()[3].startswith("angry    ████████▓▓░░ ")
    assert blocks[0].splitlines()[3].endswith(" 40 %  32\u201348 %   published 47 %")
    folded = re.findall(r"<details><summary>([^<]*)</summary>\s*<table>", page)
    assert folded == ["All six shares"] * 4 + ["Settings and weights"]


def test_what_failed_says_why_and_what_to_do():
    page = rendered(to_markdown(example_report()))
    assert "<strong>Not analysed:</strong> the address answered 404 Not Found" in page
    assert "What to do: check the address in a browser" in page
    assert "Known failure: The clip's laughter is taken for sobbing." in html.unescape(page)
    assert ["at most angry", "at most 10 %", "22.7 %", "❌ missed"] in cells(page)


def test_no_element_or_address_from_outside_comes_alive():
    report = example_report()
    page = rendered(to_markdown(replace(report, manifest_name=HOSTILE, manifest_path=HOSTILE)))
    elements = {name.lower() for name in re.findall(r"<([a-z][a-z0-9]*)", page)}
    assert elements <= {
        "h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "a", "code", "pre", "strong",
        "br", "details", "summary",
    }  # fmt: skip
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', page))
