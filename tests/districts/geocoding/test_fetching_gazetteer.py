"""An extract comes from a real server over loopback: whole, continued, newest, or a clear error."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import osmium
import pytest
from django.core.management import CommandError, call_command
from osmium.osm.mutable import Node

from districts.geocoding.loading import ExtractDownload, extract_url
from districts.geocoding.loading.fetching import NoAnswer, SourceFailed, WrongSum
from districts.geocoding.loading.manifest import NoExtract
from districts.models import Place

NAME = "vietnam-latest.osm.pbf"
WHOLE = bytes(range(256)) * 4000


class Publisher(ThreadingHTTPServer):
    """Serves one extract and its MD5; misbehaves as told, remembers what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = WHOLE
        self.version = '"one"'
        self.md5 = True
        self.cut_after = []
        self.answers = []
        self.asked = []
        self.url = f"http://127.0.0.1:{self.server_port}/{NAME}"

    def handle_error(self, request, client_address):
        """A connection that is cut is what some tests are about."""


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        server = self.server
        if self.path.endswith(".md5"):
            text = f"{hashlib.md5(server.content).hexdigest()}  {NAME}\n".encode()
            self.send_error(404) if not server.md5 else self.send(200, text)
            return
        asked = {key: self.headers.get(key) for key in ("Range", "If-Range", "If-None-Match")}
        server.asked.append(asked)
        if server.answers:
            self.send_error(server.answers.pop(0))
        elif asked["If-None-Match"] == server.version:
            self.send_response(304)
            self.end_headers()
        elif asked["Range"] and asked["If-Range"] == server.version:
            self.send_rest(int(asked["Range"].removeprefix("bytes=").rstrip("-")))
        else:
            self.send(200, server.content)

    def send_rest(self, start):
        size = len(self.server.content)
        if start >= size:
            self.send(416, b"", f"bytes */{size}")
        else:
            self.send(206, self.server.content[start:], f"bytes {start}-{size - 1}/{size}")

    def send(self, status, content, span=""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", self.server.version)
        if span:
            self.send_header("Content-Range", span)
        self.end_headers()
        cut = self.server.cut_after.pop(0) if self.server.cut_after and status < 400 else None
        self.wfile.write(content[:cut])
        if cut is not None:
            self.wfile.flush()
            self.connection.close()


@pytest.fixture
def publisher():
    server = Publisher()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def download(publisher, tmp_path):
    def silent(*_):
        pass

    return ExtractDownload(publisher.url, tmp_path, silent, silence_s=5, pause_s=0)


def kept(folder):
    return {path.name for path in folder.iterdir()} - {".lock"}


def test_an_extract_comes_whole(download, tmp_path):
    told = []
    whole = ExtractDownload(download.url, tmp_path, lambda *one: told.append(one)).fetch()
    assert whole.read_bytes() == WHOLE
    assert told[-1] == (2, 2, NAME)
    assert kept(tmp_path) == {NAME, f"{NAME}.version"}


def test_a_connection_that_is_cut_is_continued_where_it_ended(publisher, download):
    publisher.cut_after = [300_000, 200_000]
    assert download.fetch().read_bytes() == WHOLE
    assert [one["Range"] for one in publisher.asked] == [None, "bytes=300000-", "bytes=500000-"]


def test_a_run_that_was_broken_off_is_continued_by_the_next(publisher, download):
    publisher.cut_after = [300_000, 0, 0, 0, 0]
    with pytest.raises(NoAnswer):
        download.fetch()
    publisher.asked.clear()
    assert download.fetch().read_bytes() == WHOLE
    assert publisher.asked[0]["Range"] == "bytes=300000-"


def test_the_rest_of_another_version_is_not_appended(publisher, download):
    publisher.cut_after = [300_000, 0, 0, 0, 0]
    with pytest.raises(NoAnswer):
        download.fetch()
    publisher.content, publisher.version = WHOLE[::-1], '"two"'
    assert download.fetch().read_bytes() == WHOLE[::-1]


def test_a_part_that_was_complete_is_not_fetched_again(publisher, download, tmp_path):
    (tmp_path / f"{NAME}.part").write_bytes(WHOLE)
    (tmp_path / f"{NAME}.part-version").write_text(publisher.version)
    assert download.fetch().read_bytes() == WHOLE
    assert len(publisher.asked) == 1


def test_the_newest_version_is_left_alone_and_a_newer_one_fetched(publisher, download):
    first = download.fetch()
    modified = first.stat().st_mtime_ns
    assert download.fetch().stat().st_mtime_ns == modified
    publisher.content, publisher.version = b"newer", '"two"'
    assert download.fetch().read_bytes() == b"newer"


def test_without_a_sum_the_length_must_do(publisher, download):
    publisher.md5 = False
    assert download.fetch().read_bytes() == WHOLE


def test_wrong_bytes_are_not_kept(publisher, download, tmp_path):
    (tmp_path / f"{NAME}.part").write_bytes(b"x" * 1000)
    (tmp_path / f"{NAME}.part-version").write_text(publisher.version)
    with pytest.raises(WrongSum, match=hashlib.md5(WHOLE).hexdigest()):
        download.fetch()
    assert NAME not in kept(tmp_path)
    assert download.fetch().read_bytes() == WHOLE


def test_a_busy_publisher_is_asked_again(publisher, download):
    publisher.answers = [503, 429]
    assert download.fetch().read_bytes() == WHOLE


@pytest.mark.parametrize("answer", [403, 404])
def test_a_refusal_is_told_at_once(publisher, download, answer):
    publisher.answers = [answer]
    with pytest.raises(SourceFailed, match=f"{answer} for {NAME}"):
        download.fetch()
    assert len(publisher.asked) == 1


def test_a_publisher_that_stays_busy_is_named(publisher, download):
    publisher.answers = [503] * 9
    with pytest.raises(SourceFailed, match="503"):
        download.fetch()


def test_nobody_there_is_told_clearly(tmp_path, settings):
    settings.VAR = tmp_path
    with pytest.raises(CommandError, match=r"127\.0\.0\.1:9 does not answer.*gazetteer\.no_answer"):
        call_command("fetch_gazetteer", "--from", f"http://127.0.0.1:9/{NAME}")


@pytest.mark.django_db
def test_the_command_fetches_and_loads(publisher, tmp_path, settings, capsys):
    settings.VAR = tmp_path / "var"
    path = tmp_path / "small.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        tags = {"amenity": "marketplace", "name": "Chợ Bến Thành"}
        writer.add_node(Node(id=1, version=1, location=(106.698, 10.772), tags=tags))
    publisher.content = path.read_bytes()
    call_command("fetch_gazetteer", "--from", str(path), "--no-load")
    assert not Place.objects.exists()
    call_command("fetch_gazetteer", "--from", publisher.url)
    assert Place.objects.get().name == "Chợ Bến Thành"
    call_command("fetch_gazetteer", "--from", publisher.url)
    assert "loaded already" in capsys.readouterr().out


def test_the_manifest_has_an_extract_for_the_city_and_says_when_not(settings):
    assert extract_url().startswith("https://")
    settings.WARDWISE_CITY = "baltimore"
    with pytest.raises(NoExtract, match="--from"):
        extract_url()
