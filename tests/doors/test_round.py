"""`sayso round`: links to send, forms to fill in, and what is said about them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sayso.align.round import Form
from sayso.cli.main import run
from sayso.present.round_form import round_form_html
from sayso.present.round_form_text import round_form_text
from sayso.workspace import clock
from sayso.workspace.links import grouped
from sayso.workspace.round_forms import read_forms, write_form
from sayso.workspace.round_opening import open_round
from sayso.workspace.rounds import another_link, answers_of, begin, status_of
from tests.declare.good_charter import broken
from tests.workspace.held_round import DAY, INVENTED, LATER, answer, opened, use_cases, workspace

if TYPE_CHECKING:
    from sayso.workspace.round_opening import OpenedRound

ID = "first-visit-part-1"
LINK = re.compile(r"^  https://sayso\.example/r/([0-9a-z]{26})$", re.MULTILINE)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that the command runs in."""
    use_cases(monkeypatch)
    monkeypatch.chdir(workspace(tmp_path))
    monkeypatch.setattr(clock, "today", lambda: DAY)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    return " ".join((out + err).split())


@pytest.mark.feature("A10")
def test_a_round_is_opened_and_its_links_printed_one_a_line(
    here: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(["round", "first-visit-part", "--address", "https://sayso.example/"]) == 0
    out = capsys.readouterr().out
    tokens = LINK.findall(out)
    assert len(tokens) == len(set(tokens)) == 8
    plain = " ".join(out.split())
    assert plain.startswith(
        "first-visit-part-1 takes answers until the end of 7 December 2026: eight links, three "
        "cases. Send one to each person, in any order; Sayso does not know who gets which."
    )
    assert "before the round is over and five have answered" in plain
    assert "on this computer only" not in plain
    assert not any(t in f.read_text() for t in tokens for f in here.rglob("*.json"))


def test_links_to_this_computer_say_so(here: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["round", "first-visit-part"]) == 0
    assert "http://127.0.0.1:8080/r/" in (text := told(capsys))
    assert "These links open on this computer only; --address names another." in text


def test_a_round_is_opened_as_asked(here: Path, capsys: pytest.CaptureFixture[str]):
    flags = ["--invite", "6", "--form", "pairs", "--settle", "consent", "--quorum", "0.5"]
    assert run(["round", "first-visit-part@3", *flags, "--closes", "2026-12-24", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["round"], said["closes"], len(said["links"])) == (ID, "2026-12-24", 6)
    round_ = status_of(here, ID, DAY).round
    assert (round_.form, str(round_.settle), round_.quorum) == (Form.PAIRS, "consent", 0.5)


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["first-visit-part", "--invite", "200"], "Invite 15, or open several rounds."),
        (["first-visit-part", "--invite", "3"], "Invite at least 5."),
        (["first-visit-part", "--closes", "2026-11-24"], "Give --closes a day after today"),
        (["first-visit-part", "--address", "sayso.example"], "no address that a link can begin"),
        (["first-visit-part", "--address", "javascript:alert(1)"], "no address that a link"),
        (["frist-visit-part"], "Did you mean 'first-visit-part'?"),
        (["first-visit-part", "--form", "ranks"], "error[usage]"),
        (["first-visit-part", "--settle", "veto"], "gives no role a veto"),
        (["close", "first-visit-part-9"], "No round is called 'first-visit-part-9'."),
        (["list", "--as-of", "x"], "error[usage]"),
        ([], "error[usage]"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_next_step(
    here: Path, capsys: pytest.CaptureFixture[str], flags: list[str], says: str
):
    assert run(["round", *flags]) == 2
    assert says in told(capsys)
    assert not (here / "rounds").exists()


def test_few_who_consented_are_told_what_that_means(here: Path, capsys: pytest.CaptureFixture[str]):
    workspace(here, broken("few_deciders: refuse", "few_deciders: consented"))
    assert run(["round", "first-visit-part", "--invite", "3"]) == 0
    assert "whoever takes part can work out the others’ answers. Tell them" in told(capsys)


def test_the_list_says_where_each_round_stands_in_counts(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert run(["round", "list"]) == 0
    assert "There is no round yet." in told(capsys)
    held = opened(here, monkeypatch, invite=8)
    for token in held.links[:3]:
        answer(here, token)
    assert run(["round", "list"]) == 0
    assert told(capsys) == (
        "first-visit-part-1: Three of eight have answered; open until the end of 7 December 2026, "
        "and two more must answer."
    )
    workspace(here, broken("version: 3", "version: 4"))
    assert run(["round", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"round": ID, "charter": "first-visit-part@3", "state": "open", "invited": 8, "begun": 3,
         "sent": 3, "least": 5, "closes": "2026-12-08", "forgotten": None, "charter_changed": True}
    ]  # fmt: skip
    assert run(["round", "list"]) == 0
    assert "The charter has changed since; this is about first-visit-part@3." in told(capsys)


def test_closing_says_what_is_missing_and_what_follows(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    held = opened(here, monkeypatch, invite=8)
    for token in held.links[:4]:
        answer(here, token)
    assert run(["round", "close", ID]) == 2
    assert "Four have answered; five are needed." in told(capsys)
    answer(here, held.links[4])
    assert run(["round", "close", ID]) == 0
    assert told(capsys) == (
        "first-visit-part-1 is over. Five have answered; its results are open to everybody."
    )


def test_a_round_ended_without_results_says_so(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    opened(here, monkeypatch)
    assert run(["round", "close", ID, "--withhold"]) == 0
    assert "five are needed, so nothing of it is shown" in told(capsys)


def test_one_more_link_is_made_for_whoever_lost_theirs(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    opened(here, monkeypatch)
    assert run(["round", "link", ID, "--address", "https://sayso.example"]) == 0
    (token,) = LINK.findall(capsys.readouterr().out)
    answer(here, token)


# Forms


def filled(here: Path, held: OpenedRound, number: int, **said: str) -> str:
    """One person's text form, filled in; its name."""
    form = write_form(here, ID, today=DAY, links=[held.links[number]], as_text=True, out=str(here / f"form{number}.txt"))  # fmt: skip
    text = form.read_text("utf-8")
    fields = {
        "owner": "Ann: the head",
        "points-1": "60",
        "points-2": "40",
        "choice-1": "bring",
        **{name.replace("_", "-"): value for name, value in said.items()},
    }
    for name, value in fields.items():
        before = f"\n{name}:"
        assert text.count(f"{before}\n") == 1, before
        text = text.replace(f"{before}\n", f"{before} {value}\n")
    form.write_text(text, encoding="utf-8")
    return str(form)


def test_filled_in_forms_are_counted_once_each(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    held = opened(here, monkeypatch)
    files = [filled(here, held, i, belief_1="70") for i in range(5)]
    assert run(["round", "import", ID, *files[:2], files[0]]) == 2
    text = told(capsys)
    assert "form0.txt:9: link: This link was used. Ask for a new one." in text
    assert "Two forms taken. Two of five have answered. Delete the files now" in text
    assert run(["round", "import", ID, *files[2:]]) == 0
    answers = answers_of(here, ID, DAY)
    assert [a.owner for a in answers] == ["Ann: the head"] * 5
    assert {a.points for a in answers} == {(60.0, 40.0)}
    assert {a.beliefs for a in answers} == {(70.0, None, None)}


def test_a_form_with_problems_names_each_line_and_uses_no_link(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    held = opened(here, monkeypatch)
    file = filled(here, held, 0, points_2="30", choice_2="brng")
    with Path(file).open("a", encoding="utf-8") as form:
        form.write("chioce-3: leave\nand one more thought\nowner: Bob\n")
    assert run(["round", "import", ID, file]) == 2
    lines = [line.removeprefix(f"{file}:") for line in capsys.readouterr().err.splitlines()]
    told_ = {int(line.partition(":")[0]): line for line in lines}
    where = {line: i for i, line in enumerate(Path(file).read_text().splitlines(), 1)}
    assert "They add up to 90. Give 10 more." in told_[where["points-1: 60"]]
    assert "“brng” is not one of the options. Did you mean bring?" in told_[where["choice-2: brng"]]
    assert "Did you mean `choice-3`?" in told_[where["chioce-3: leave"]]
    assert "behind its colon" in told_[where["and one more thought"]]
    assert "owner: is answered on line" in told_[where["owner: Bob"]]
    assert status_of(here, ID, DAY).begun == 0
    begin(here, held.links[0], DAY)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text, held: re.sub(r"link: .*", "link:", text), "link: Nothing stands behind it."),
        (lambda text, held: re.sub(r"link: .*\n", "", text), "link: Nothing stands behind it."),
        (lambda text, held: re.sub(r"link: .*", "link: abc", text), "belongs to no round here"),
        (lambda text, held: text.replace(f"round: {ID}", "round: other-1"), "answers the round other-1"),
        (lambda text, held: re.sub(r": (60|40|bring|Ann.*)\n", ":\n", text), "Nothing is answered yet"),
    ],
)  # fmt: skip
def test_a_form_without_its_link_or_round_is_not_counted(
    here: Path, monkeypatch: pytest.MonkeyPatch, change, says: str
):
    held = opened(here, monkeypatch)
    file = Path(filled(here, held, 0))
    file.write_text(change(file.read_text(), held))
    read = read_forms(here, ID, [str(file)], DAY)
    assert says in str(read.problems[0])
    assert (read.taken, status_of(here, ID, DAY).begun) == ((), 0)


def test_a_link_of_another_round_does_not_count_here(here: Path, monkeypatch: pytest.MonkeyPatch):
    file = filled(here, opened(here, monkeypatch), 0)
    other = opened(here, monkeypatch)
    text = Path(file).read_text()
    Path(file).write_text(re.sub("link: .*", f"link: {other.links[0]}", text))
    read = read_forms(here, ID, [file], DAY)
    assert "This link belongs to the round first-visit-part-2." in str(read.problems[0])


def test_a_form_may_be_typed_from_paper_and_saved_by_any_editor(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    held = opened(here, monkeypatch)
    token = another_link(here, ID, DAY)
    text = (
        f"  LINK :{grouped(token).upper()}\r\n\r\nOwner: Ünal\r\npoints 1: 60\r\nPoints 2: 40\r\n"
    )
    for name, encoding in (("a", "utf-16"), ("b", "utf-8-sig")):
        Path(name).write_bytes(text.encode(encoding))
        text = text.replace(grouped(token).upper(), f"https://sayso.example/r/{held.links[0]}")
    assert read_forms(here, ID, ["a", "b"], DAY).taken == ("a", "b")


@pytest.mark.parametrize(
    ("held_", "says"),
    [(b"\xff\xfe\xfa", "no text in UTF-8"), (b"\xc3\x28", "no text in UTF-8"), (b"#" * 300_000, "larger than 256 kB")],
)  # fmt: skip
def test_a_file_that_is_no_form_says_so(
    here: Path, monkeypatch: pytest.MonkeyPatch, held_: bytes, says: str
):
    opened(here, monkeypatch)
    Path("form").write_bytes(held_)
    assert says in str(read_forms(here, ID, ["form"], DAY).problems[0])
    assert "cannot be read" in str(read_forms(here, ID, ["nowhere"], DAY).problems[0])
    assert "cannot be read" in str(read_forms(here, ID, ["."], DAY).problems[0])


def test_after_the_round_no_form_is_written_or_counted(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    file = filled(here, opened(here, monkeypatch), 0)
    monkeypatch.setattr(clock, "today", lambda: LATER)
    assert run(["round", "import", ID, file]) == 2
    assert "no form of it counts any more" in told(capsys)
    assert run(["round", "form", ID]) == 2
    assert "error[round-over]" in told(capsys)


def test_a_form_is_written_for_each_link_or_with_a_line_to_write_one(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    held = opened(here, monkeypatch)
    assert run(["round", "form", ID]) == 0
    assert told(capsys) == "Written to first-visit-part-1-form.html."
    blank = Path(f"{ID}-form.html").read_text("utf-8")
    assert blank.count('<article class="form"') == 1
    assert "The last part of your link:" in blank
    flags = [f"--link=https://sayso.example/r/{token}" for token in held.links[:3]]
    assert run(["round", "form", ID, *flags, "--out", "forms.html"]) == 0
    page = Path("forms.html").read_text("utf-8")
    assert page.count('<article class="form"') == 3
    assert all(page.count(grouped(token)) == 1 for token in held.links[:3])
    capsys.readouterr()
    assert run(["round", "form", ID, "--text", *flags]) == 2
    assert "a text form is for one" in told(capsys)
    begin(here, held.links[0], DAY)
    assert run(["round", "form", ID, "--link", held.links[0]]) == 2
    assert "error[link-used]" in told(capsys)


def test_names_with_html_and_line_breaks_stay_names_on_every_form(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    name = "<script>alert(1)</script>\\nowner: Mallory \\u202e <img src=x onerror=y>"
    workspace(here, broken("name: solved at once", f'name: "{name}"'))
    round_ = open_round(here, "first-visit-part", today=DAY).round
    page, text = round_form_html(round_), round_form_text(round_)
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert [line for line in text.splitlines() if line.startswith("owner:")] == ["owner:"]


def test_the_printed_form_loads_nothing_and_fits_a_page(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    page = round_form_html(opened(here, monkeypatch).round)
    assert not re.search(r"(src|href)=|url\(|<script|style=", page)
    assert "size:A4" in page.replace(" ", "")
    assert "default-src 'none'" in page
    assert page == round_form_html(status_of(here, ID, DAY).round), "the same bytes again"


@pytest.mark.parametrize("form", list(Form))
def test_both_forms_ask_every_question_of_the_round(
    here: Path, monkeypatch: pytest.MonkeyPatch, form: Form
):
    from sayso.align.answers import asked

    round_ = opened(here, monkeypatch, form=form).round
    text, page = round_form_text(round_), round_form_html(round_)
    names = [line.partition(":")[0] for line in text.splitlines() if line and line[0] != "#"]
    assert [n for n in names if n not in ("link", "round", "keep-pairs")] == list(asked(round_))
    for said in ("Who is accountable", "What is this decision for", "solved at once", "from 310 EUR at worst to 0 EUR", "E-41", "bring", "part used"):  # fmt: skip
        assert said in text.replace("\n# ", " "), said
        assert said in page, said
    assert len(page.split("Case ")) == 4


def test_both_forms_say_what_each_option_brings(here: Path, monkeypatch: pytest.MonkeyPatch):
    use_cases(monkeypatch, INVENTED)
    round_ = open_round(here, "first-visit-part", today=DAY).round
    for said in (round_form_text(round_), round_form_html(round_)):
        assert "solved at once: 0.5; parts kept: −3.5 EUR" in said
        assert "Of 100 cases" not in said
