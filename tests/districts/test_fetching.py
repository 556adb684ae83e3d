"""Boundary files come from a real server over loopback: whole, continued, or with a clear error."""

import hashlib
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from districts import reading
from districts.fetching import fetch
from districts.manifest import Source, SourceFile, UnknownSource, find_source, read_manifest
from districts.records import AreaFields, EditionFacts, area_records
from districts.sources import MissingFile, NoAddress, NoAnswer, NoSource, SourceFailed, WrongSum

CONTENT = {f"{code}_ward.geojson": bytes([code % 256]) * 200_000 for code in range(101, 107)}
FOLDER = "json/wards"
MANIFEST = Path(__file__).resolve().parents[2] / "data" / "boundaries" / "manifest.toml"


class Server(ThreadingHTTPServer):
    """Serves CONTENT under FOLDER; misbehaves as told, and remembers what it was asked for."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.ranges = True
        self.cut_after = None
        self.corrupt = set()
        self.answer = {}
        self.hang = False
        self.address = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """A client that hangs up is what some tests are about."""


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        name = self.path.rsplit("/", 1)[-1]
        wanted = self.headers.get("Range")
        self.server.asked.append((self.path, wanted))
        if self.server.hang:
            time.sleep(3)
            return
        status = self.server.answer.get(name)
        if status or name not in CONTENT:
            self.send_error(status or 404)
            return
        content = b"x" * 200_000 if name in self.server.corrupt else CONTENT[name]
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        if not self.server.ranges:
            start = 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = self.server.cut_after or len(content)
        self.wfile.write(content[start : max(start, end)] if start < end else content[start:])
        if end < len(content):
            self.server.cut_after = None


@pytest.fixture
def server():
    running = Server()
    thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def source(server):
    files = tuple(
        SourceFile(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in CONTENT.items()
    )
    facts = EditionFacts(name="town-2025", level="ward")
    return Source(facts, "hcmc", f"{server.address}/{{path}}", FOLDER, files, AreaFields())


def first(source):
    return source.files[0]


def assert_complete(paths):
    assert {path.name: path.read_bytes() for path in paths} == CONTENT


def test_every_file_arrives_and_is_counted(source, tmp_path):
    told = []
    paths = fetch(source, tmp_path, tell=lambda done, total, name: told.append((done, total)))
    assert_complete(paths)
    assert told == [(n, 6) for n in range(1, 7)]
    assert not list(tmp_path.glob("*.part"))


def test_what_is_there_is_not_asked_for_again(source, server, tmp_path):
    fetch(source, tmp_path)
    server.asked.clear()
    assert_complete(fetch(source, tmp_path))
    assert server.asked == []


def test_a_file_that_was_damaged_on_disk_is_fetched_again(source, server, tmp_path):
    fetch(source, tmp_path)
    server.asked.clear()
    (tmp_path / first(source).name).write_bytes(b"damaged")
    assert_complete(fetch(source, tmp_path))
    assert [path for path, _ in server.asked] == [f"/{FOLDER}/{first(source).name}"]


def test_a_cut_download_continues_where_it_ended(source, server, tmp_path):
    part = tmp_path / f"{first(source).name}.part"
    part.write_bytes(CONTENT[first(source).name][:150_000])
    assert_complete(fetch(source, tmp_path))
    assert (f"/{FOLDER}/{first(source).name}", "bytes=150000-") in server.asked


def test_a_connection_that_is_cut_midway_is_taken_up_again(source, server, tmp_path):
    server.cut_after = 70_000
    assert_complete(fetch(source, tmp_path))
    assert any(wanted for _, wanted in server.asked)


def test_a_server_without_ranges_sends_it_whole(source, server, tmp_path):
    server.ranges = False
    (tmp_path / f"{first(source).name}.part").write_bytes(b"other beginning")
    assert_complete(fetch(source, tmp_path))


def test_a_beginning_of_another_version_is_thrown_away(source, tmp_path):
    (tmp_path / f"{first(source).name}.part").write_bytes(b"z" * 150_000)
    assert_complete(fetch(source, tmp_path))


def test_wrong_bytes_are_named_and_not_kept(source, server, tmp_path):
    server.corrupt = {first(source).name}
    with pytest.raises(WrongSum, match=first(source).name) as caught:
        fetch(source, tmp_path)
    assert first(source).sha256 in str(caught.value)
    assert not (tmp_path / first(source).name).exists()
    assert not (tmp_path / f"{first(source).name}.part").exists()


def test_a_missing_file_is_named_with_its_address(source, server, tmp_path):
    server.answer = {first(source).name: 404}
    with pytest.raises(MissingFile, match=f"{FOLDER}/{first(source).name}"):
        fetch(source, tmp_path)


def test_a_failing_server_is_tried_again_then_named(source, server, tmp_path, monkeypatch):
    monkeypatch.setattr("districts.downloading.PAUSE_S", 0.01)
    server.answer = dict.fromkeys(CONTENT, 503)
    with pytest.raises(SourceFailed, match="answers 503"):
        fetch(source, tmp_path)
    asked = [path for path, _ in server.asked]
    assert max(asked.count(path) for path in asked) == 3


def test_a_server_that_says_nothing_is_given_up_within_the_budget(source, server, tmp_path):
    server.hang = True
    began = time.monotonic()
    with pytest.raises(NoAnswer, match="does not answer"):
        fetch(source, tmp_path, budget_s=0.5)
    assert time.monotonic() - began < 1.5


def test_nobody_at_the_address_is_told_at_once(source, tmp_path):
    began = time.monotonic()
    with pytest.raises(NoAnswer, match=r"127\.0\.0\.1:9"):
        fetch(source, tmp_path, "http://127.0.0.1:9")
    assert time.monotonic() - began < 1


def test_another_address_may_be_given_as_base_or_with_path(source, server, tmp_path):
    assert_complete(fetch(source, tmp_path / "a", f"{server.address}/mirror/"))
    assert_complete(fetch(source, tmp_path / "b", f"{server.address}/get/{{path}}"))
    asked = {path for path, _ in server.asked}
    assert f"/mirror/{FOLDER}/{first(source).name}" in asked
    assert f"/get/{FOLDER}/{first(source).name}" in asked


@pytest.mark.parametrize("inside", ["", FOLDER])
def test_a_folder_will_do(source, tmp_path, inside):
    origin = tmp_path / "origin" / inside
    origin.mkdir(parents=True)
    for name, content in CONTENT.items():
        (origin / name).write_bytes(content)
    assert_complete(fetch(source, tmp_path / "var", str(tmp_path / "origin")))


def test_a_zip_will_do_but_not_with_other_bytes(source, tmp_path):
    origin = tmp_path / "wards.zip"
    with zipfile.ZipFile(origin, "w") as archive:
        for name, content in CONTENT.items():
            archive.writestr(f"{FOLDER}/{name}", content)
    assert_complete(fetch(source, tmp_path / "var", str(origin)))
    with zipfile.ZipFile(origin, "w") as archive:
        archive.writestr(f"{FOLDER}/{first(source).name}", b"forged")
    with pytest.raises(WrongSum, match=first(source).name):
        fetch(source, tmp_path / "other", str(origin))


def test_a_folder_without_the_file_and_a_place_that_is_none_are_named(source, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(MissingFile, match=first(source).name):
        fetch(source, tmp_path / "var", str(empty))
    with pytest.raises(NoSource, match="neither an address"):
        fetch(source, tmp_path / "var", str(tmp_path / "nowhere"))


def test_an_unknown_edition_is_answered_with_those_there_are():
    with pytest.raises(UnknownSource, match=r"It has: .*hcmc-2025"):
        find_source(read_manifest(MANIFEST), "hcmc-1995")


def test_the_manifest_names_168_files_with_their_sums_licence_and_upstream():
    source = read_manifest(MANIFEST)["hcmc-2025"]
    assert len(source.files) == 168
    assert sum(file.bytes for file in source.files) == 18_989_087
    assert "cd58063299585146ded3981f2272946ef19ced54" in source.url
    assert source.facts.licence == "MIT"
    assert "sapnhap.bando.com.vn" in source.facts.attribution
    assert len({file.name for file in source.files}) == 168


def test_the_published_files_are_those_of_the_manifest(test_data, tmp_path):
    source = read_manifest(MANIFEST)["hcmc-2025"]
    origin = test_data / "boundaries" / "hcmc_wards_2025_as_published.zip"
    paths = fetch(source, tmp_path, str(origin))
    assert len(paths) == 168
    assert reading.fingerprint(paths) == source.facts.sha256


def test_files_that_nobody_serves_have_to_be_given(tmp_path, test_data):
    source = find_source(read_manifest(MANIFEST), "hcmc-2021")
    with pytest.raises(NoAddress, match="--from"):
        fetch(source, tmp_path)
    paths = fetch(source, tmp_path, str(test_data / "boundaries"))
    records = area_records(reading.read(paths, source.fields.columns()), source.fields)
    assert len(records) == 39
    assert {(one.kind, one.name) for one in records} >= {
        ("Quận", "1"), ("Thành phố", "Thủ Đức"), ("Thành phố", "Bến Cát"), ("Huyện", "Long Điền"),
    }  # fmt: skip
