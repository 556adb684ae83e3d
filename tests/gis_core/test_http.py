"""Every answer speaks the reader's language; every error has one shape, whoever raised it."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from ninja.errors import HttpError

from gis_core import http, middleware
from gis_core.errors import DomainError, all_errors
from gis_core.positions import OutOfRange

REQUESTS = RequestFactory()


def passing(kind, view=None):
    return kind(view or (lambda _request: HttpResponse("<p>", "text/html")))


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [
        (OutOfRange(lon=float("nan"), lat=1), "position.out_of_range", 422),
        (Http404(), "request.not_found", 404),
        (OperationalError("password=secret"), "service.unavailable", 503),
        (InterfaceError("connection already closed"), "service.unavailable", 503),
        (RequestDataTooBig(), "request.too_large", 413),
        (SuspiciousOperation("/etc/passwd"), "request.unreadable", 400),
        (HttpError(400, "Cannot parse"), "request.unreadable", 400),
        (HttpError(418, "teapot"), "request.unreadable", 400),
        (RuntimeError("secret"), "server.error", 500),
        (None, "server.error", 500),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_fault_becomes_one_shape_and_tells_no_secret(fault, code, status):
    response = http.problem(http.as_domain_error(fault))
    body = json.loads(response.content)
    assert (body["code"], body["status"], response.status_code) == (code, status, status)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    for secret in ("secret", "passwd", "teapot"):
        assert secret not in response.content.decode()


@pytest.mark.parametrize("error", all_errors(http.DomainError), ids=lambda error: error.code)
def test_facts_are_json_that_every_reader_understands(error):
    made = error.__new__(error)
    made.facts = {"number": float("nan"), "thing": object(), "text": "a\0b", **_named(error)}
    response = http.problem(made)

    def refuse(word):
        pytest.fail(f"{word} is not JSON")

    assert json.loads(response.content, parse_constant=refuse)["code"] == error.code


def _named(error):
    """Facts for each name in the error's sentence."""

    class Names(dict):
        def __getitem__(self, name):
            self.setdefault(name, "x")
            return dict.__getitem__(self, name)

    names = Names()
    error.message % names
    return dict(names)


@pytest.mark.parametrize("status", [429, 503])
def test_who_has_to_wait_is_told_how_long(status):
    made = type("Waiting", (http.ServiceUnavailable,), {"status": status})(seconds=7)
    assert http.problem(made).headers["Retry-After"] == "7"


def test_a_person_gets_a_page_with_the_sentence_and_the_code(client, db):
    response = client.get("/no/such/page?lang=en", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")
    assert "There is nothing at this address" in response.content.decode()
    assert "request.not_found" in response.content.decode()


def test_a_page_of_a_lost_database_asks_it_nothing(django_assert_num_queries, db):
    request = REQUESTS.get("/")
    with django_assert_num_queries(0):
        response = middleware.Problems(HttpResponse).process_exception(request, OperationalError())
    assert response.status_code == 503
    assert "service.unavailable" in response.content.decode()


def test_what_is_not_ours_goes_on_to_the_log():
    assert (
        middleware.Problems(HttpResponse).process_exception(REQUESTS.get("/"), ValueError()) is None
    )


def test_the_last_handler_tells_a_lost_database_from_a_fault_of_ours():
    def answered(fault):
        try:
            raise fault  # noqa: TRY301
        except Exception:  # noqa: BLE001
            return http.server_error(REQUESTS.get("/api/v1/x")).status_code

    assert (answered(OperationalError()), answered(KeyError())) == (503, 500)


@pytest.mark.parametrize(
    ("query", "cookie", "accepted", "expected"),
    [
        ({}, None, None, "vi"),
        ({}, None, "fr", "vi"),
        ({}, None, "en-US,vi;q=0.5", "en"),
        ({}, "en", "vi", "en"),
        ({"lang": "vi"}, "en", "en", "vi"),
        ({"lang": "fr"}, "en", "vi", "en"),
        ({"lang": ""}, None, "en", "en"),
    ],
)
def test_the_language_is_asked_for_in_three_ways(settings, query, cookie, accepted, expected):
    headers = {"Accept-Language": accepted} if accepted else {}
    request = REQUESTS.get("/", query, headers=headers)
    if cookie:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie
    response = passing(middleware.ReadersLanguage)(request)
    assert (response.headers["Content-Language"], request.LANGUAGE_CODE) == (expected, expected)
    assert {"Accept-Language", "Cookie"} <= set(response.headers["Vary"].split(", "))


def test_a_language_chosen_on_a_page_is_kept(settings):
    chosen = passing(middleware.ReadersLanguage)(REQUESTS.get("/?lang=en"))
    assert chosen.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    api = passing(
        middleware.ReadersLanguage, lambda _request: HttpResponse("{}", "application/json")
    )
    assert not api(REQUESTS.get("/?lang=en")).cookies


@pytest.mark.parametrize("length", ["200000001", "99999999999999999999"])
def test_a_body_that_says_it_is_too_large_is_not_read(length):
    request = REQUESTS.post("/api/v1/reports", b"", content_type="x/y", CONTENT_LENGTH=length)
    response = passing(middleware.Problems, lambda _request: pytest.fail("read"))(request)
    assert response.status_code == 413


@pytest.mark.parametrize("length", ["", "-1", "12abc", "25000000"])
def test_any_other_length_is_left_to_the_server(length):
    request = REQUESTS.get("/", CONTENT_LENGTH=length)
    assert passing(middleware.Problems)(request).status_code == 200


def test_the_page_that_a_problem_names_is_there(client):
    address = json.loads(http.problem(http.NoSuchPage()).content)["type"]
    response = client.get(address.partition("#")[0])
    assert "`request.not_found`" in response.content.decode()


def test_the_root_error_is_a_problem_too():
    assert http.problem(DomainError()).status_code == 400
