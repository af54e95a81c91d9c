"""The commands that need no Prefect, as a person calls them: what they answer, and how they say that they cannot."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.flows.archives import demo_pages, write_warc
from tests.flows.command import wirehouse
from tests.flows.little_web import article
from warehouse.connection import writing
from warehouse.publish import publish

pytestmark = pytest.mark.slow  # fifty processes of half a second each

COMMANDS = ("run", "serve", "sources", "status", "sql", "report", "extract", "dedupe", "doctor")
PARAGRAPHS = (
    "The ferry to the outer islands keeps its winter timetable until the end of April, the company said on Monday, "
    "although the islanders had asked for a second boat in the morning, when the school and the market both begin.",
    "Two of the four boats are in the yard, and the shipwrights wait for a gearbox that has been on its way since "
    "the autumn; until it comes the two others sail eleven times a day, and on Sundays they sail seven times.",
    "A company that had offered to lend a boat withdrew when it learned how shallow the third harbour is at low tide, "
    "and so the question comes back to the council, which is to talk about it again in the first week of March.",
)
PAGE = article("Ferry keeps its winter timetable", *PARAGRAPHS)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with an empty, published warehouse."""
    folder = tmp_path_factory.mktemp("home")
    with writing(folder):
        pass
    publish(folder)
    return folder


def no_traceback(text: str) -> bool:
    return "Traceback" not in text


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_teaches(name: str) -> None:
    said = wirehouse(*filter(None, [name]), "--help")
    assert said.returncode == 0
    assert "Usage: " in said.stdout
    assert said.stderr == ""
    if name:
        assert len(said.stdout) > 150
    else:
        assert all(f"  {command}" in said.stdout for command in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["sql", "SELEC 1"], 2, ["syntax", "SELEC"]),
        (["sql", "SELECT nothing FROM core.articles"], 2, ["nothing"]),
        (["sql", "DELETE FROM core.articles"], 2, ["read"]),
        (["sql", "SELECT 1", "--format", "parquet"], 2, ["--out FILE"]),
        (["sql", "SELECT 1", "--format", "xml"], 2, ["xml"]),
        (["run", "--sources", "none.toml"], 4, ["there is no source file none.toml"]),
        (["status", "--home", "/nowhere/at/all"], 1, ["/nowhere/at/all", "wirehouse run"]),
        (["extract", "none.html"], 2, ["there is no file none.html"]),
        (["dedupe", "none.parquet", "--pairs", "p.csv", "--clusters", "c.csv"], 2, ["there is no file none.parquet"]),
        (["nonsense"], 2, ["nonsense"]),
    ],
)
def test_an_error_is_one_line_that_names_its_subject(
    home: Path, arguments: list[str], code: int, words: list[str]
) -> None:
    given = [*arguments, "--home", str(home)] if arguments[0] == "sql" else arguments
    said = wirehouse(*given)
    assert said.returncode == code, said.stderr
    assert no_traceback(said.stderr)
    for word in words:
        assert word in said.stderr


def test_a_traceback_comes_only_with_debug(home: Path) -> None:
    said = wirehouse("sql", "SELEC 1", "--debug", "--home", str(home))
    assert said.returncode == 2
    assert "Traceback" in said.stderr


class TestSql:
    QUERY = "SELECT 1 AS n, 'a,b' AS s, [1, 2] AS l, TIMESTAMPTZ '2026-11-24 08:00:00+00' AS at"

    def test_table(self, home: Path) -> None:
        said = wirehouse("sql", self.QUERY, "--home", str(home))
        assert "a,b" in said.stdout
        assert "1 row" in said.stdout

    def test_json_is_a_list_of_objects(self, home: Path) -> None:
        said = wirehouse("sql", self.QUERY, "--format", "json", "--home", str(home))
        [row] = json.loads(said.stdout)
        assert row["n"] == 1
        assert row["l"] == [1, 2]
        assert row["at"].startswith("2026-11-24")

    def test_csv(self, home: Path) -> None:
        said = wirehouse("sql", self.QUERY, "--format", "csv", "--home", str(home))
        head, row = said.stdout.splitlines()
        assert head == "n,s,l,at"
        assert row.startswith('1,"a,b","[1, 2]",2026-11-24')

    def test_parquet(self, home: Path, tmp_path: Path) -> None:
        out = tmp_path / "rows.parquet"
        said = wirehouse("sql", self.QUERY, "--format", "parquet", "--out", str(out), "--home", str(home))
        assert said.returncode == 0
        assert pl.read_parquet(out)["l"].to_list() == [[1, 2]]


def test_status_and_doctor_of_a_new_warehouse(home: Path) -> None:
    told = wirehouse("status", "--json", "--home", str(home))
    assert json.loads(told.stdout) == {"sources": [], "runs": []}
    assert wirehouse("status", "--home", str(home)).returncode == 0
    looked = wirehouse("doctor", "--json", "--home", str(home))
    findings = {one["subject"]: one for one in json.loads(looked.stdout)}
    assert {"python", "prefect", "duckdb", "free disk", "Prefect server"} <= set(findings)
    assert looked.returncode == int(not all(one["is_sound"] for one in findings.values()))
    assert no_traceback(looked.stdout + looked.stderr)


def extracted(path: Path) -> list[dict[str, Any]]:
    said = wirehouse("extract", str(path))
    assert said.returncode == 0, said.stderr
    return [json.loads(line) for line in said.stdout.splitlines()]


class TestExtract:
    def test_a_page(self, tmp_path: Path) -> None:
        (tmp_path / "ferry.html").write_bytes(PAGE)
        [line] = extracted(tmp_path / "ferry.html")
        assert line["id"] == "ferry"
        assert line["title"] == "Ferry keeps its winter timetable"
        assert line["text"] == "\n\n".join(PARAGRAPHS)

    @pytest.mark.parametrize("name", ["pages.jsonl", "pages.jsonl.gz"])
    def test_lines_of_json(self, tmp_path: Path, name: str) -> None:
        lines = [
            {"id": "a", "url": "https://ferry.example/a", "html": PAGE.decode()},
            {"id": "b", "url": "https://ferry.example/b", "html": "<p>Too short."},
        ]
        text = "".join(json.dumps(line) + "\n" for line in lines).encode()
        (tmp_path / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
        article_line, reject_line = extracted(tmp_path / name)
        assert article_line["url"] == "https://ferry.example/a"
        assert reject_line["id"] == "b"
        assert reject_line["reject"]
        assert reject_line["detail"]

    def test_an_archive_to_a_file_on_two_processes(self, tmp_path: Path) -> None:
        pages = dict(list(demo_pages().items())[:12])
        archive = write_warc(tmp_path / "pages.warc.gz", pages)
        out = tmp_path / "articles.jsonl.gz"
        said = wirehouse("extract", str(archive), "--output", str(out), "--jobs", "2")
        assert said.returncode == 0, said.stderr
        with gzip.open(out, "rt", encoding="utf-8") as lines:
            urls = [json.loads(line)["url"] for line in lines]
        assert len(urls) == len(pages)

    def test_a_file_of_another_kind_is_a_usage_error(self, tmp_path: Path) -> None:
        (tmp_path / "page.pdf").write_bytes(b"%PDF-1.7")
        said = wirehouse("extract", str(tmp_path / "page.pdf"))
        assert said.returncode == 2
        assert "is not .html" in said.stderr
        assert said.stderr.count("\n") == 1
        assert no_traceback(said.stderr)


class TestDedupe:
    def documents(self) -> pl.DataFrame:
        text = " ".join(PARAGRAPHS)
        copied = text.replace("on Monday", "on Tuesday").replace("seven times", "eight times")
        other = " ".join(f"Word {n} of another matter altogether." for n in range(60))
        return pl.DataFrame({"id": ["a", "b", "c"], "text": [text, copied, other]})

    @pytest.mark.parametrize(
        ("name", "suffix"),
        [("documents.parquet", "parquet"), ("documents.jsonl", "csv"), ("documents.parquet", "jsonl")],
    )
    def test_copies_are_found(self, tmp_path: Path, name: str, suffix: str) -> None:
        path, pairs, clusters = tmp_path / name, tmp_path / f"pairs.{suffix}", tmp_path / f"clusters.{suffix}"
        (self.documents().write_parquet if name.endswith("parquet") else self.documents().write_ndjson)(path)
        said = wirehouse("dedupe", str(path), "--pairs", str(pairs), "--clusters", str(clusters), "--json")
        assert said.returncode == 0, said.stderr
        assert json.loads(said.stdout) == {
            **{"documents": 3, "pairs": 1, "clusters": 2},
            **{"capped": 0, "beyond_window": 0, "rejects": {}},
        }
        reader = {"parquet": pl.read_parquet, "csv": pl.read_csv, "jsonl": pl.read_ndjson}[suffix]
        [pair] = reader(pairs).to_dicts()
        assert (pair["id_a"], pair["id_b"]) == ("a", "b")
        assert pair["relation"] in {"near", "contains"}
        found = {row["id"]: row for row in reader(clusters).to_dicts()}
        assert found["a"]["cluster_id"] == found["b"]["cluster_id"] != found["c"]["cluster_id"]

    def test_rows_that_are_no_documents_are_counted_and_the_others_go_on(self, tmp_path: Path) -> None:
        path, out = tmp_path / "documents.jsonl", tmp_path / "rejects.jsonl"
        good = json.dumps({"id": "a", "text": " ".join(PARAGRAPHS)})
        bad = [
            "{half",
            "[1]",
            '{"text": "x"}',
            '{"id": "b", "text": 5}',
            '{"id": {}, "text": "x"}',
            '{"id": "c"}',
            good,
        ]
        path.write_text("\n".join([good, *bad, json.dumps({"id": 7, "text": None})]))
        pairs, clusters = tmp_path / "p.parquet", tmp_path / "c.parquet"
        command = ("dedupe", str(path), "--pairs", str(pairs), "--clusters", str(clusters))
        said = wirehouse(*command, "--rejects", str(out), "--json")
        assert said.returncode == 3, said.stderr
        faults = ["not_json", "not_an_object", "no_id", "text_is_no_text", "id_is_no_text", "no_text", "repeated_id"]
        assert json.loads(said.stdout)["rejects"] == dict.fromkeys(faults, 1)
        assert pl.read_ndjson(out)["fault"].to_list() == faults
        assert pl.read_ndjson(out)["row"].to_list() == list(range(2, 9))
        assert pl.read_parquet(clusters)["id"].to_list() == ["7", "a"]

    def test_a_folder_is_named_as_one(self, tmp_path: Path) -> None:
        said = wirehouse("dedupe", str(tmp_path), "--pairs", "p.csv", "--clusters", "c.csv")
        assert (said.returncode, "is a folder" in said.stderr) == (2, True)

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("documents.jsonl", b'{"id": "a"}\n', "has no 'text'"),
            ("documents.parquet", b"not parquet", "cannot be read"),
            ("documents.jsonl", b"not json\n", "is not JSON"),
        ],
    )
    def test_a_bad_file_is_a_usage_error(self, tmp_path: Path, name: str, content: bytes, words: str) -> None:
        (tmp_path / name).write_bytes(content)
        out = ("--pairs", str(tmp_path / "p.csv"), "--clusters", str(tmp_path / "c.csv"))
        said = wirehouse("dedupe", str(tmp_path / name), *out)
        assert said.returncode == 2, said.stderr
        assert words in said.stderr
        assert no_traceback(said.stderr)
