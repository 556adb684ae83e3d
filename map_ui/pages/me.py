"""What is mine: signing in by a code that is sent, the list, forgetting the contact."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gis_core.errors import DomainError
from gis_core.http import sentence
from incidents import mine
from incidents.api.asker import address as net_address
from incidents.mine import Signed
from incidents.reaching import Address, read_address
from incidents.services.erasing import erase_contacts
from incidents.services.logging_in import ask_for_code, sign_in
from incidents.services.tries import Trying, count_try
from map_ui import catalogue
from map_ui.even_answers import evenly

ASKED: Final = "asked_code"
ME: Final = "me"


def signed_in(request: HttpRequest) -> Address | None:
    """Return the address that this browser has proven; None for who is not signed in."""
    kept = request.session.get(ME)
    return mine.address_behind(Signed(**kept)) if kept else None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def me(request: HttpRequest) -> HttpResponse:
    """My reports; for who is not signed in, where the code shall go."""
    here = signed_in(request)
    if here:
        return _list(request, here)
    if request.method != "POST":
        return render(request, "map_ui/me_sign_in.html", {"typed": ""})
    typed = request.POST.get("address", "")
    try:
        count_try(Trying.CODE_ASKED, net_address(request))
        where = read_address(typed)
        with evenly():
            request.session[ASKED] = ask_for_code(where)
    except DomainError as error:
        context = {"typed": typed, "error": sentence(error)}
        return render(request, "map_ui/me_sign_in.html", context, status=error.status)
    return HttpResponseRedirect(reverse("pages:me_code"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Take the code. What is said is the same whether or not one was sent."""
    if ASKED not in request.session:
        return HttpResponseRedirect(reverse("pages:me"))
    if request.method != "POST":
        return render(request, "map_ui/me_code.html")
    try:
        count_try(Trying.CODE_TYPED, net_address(request))
        with evenly():
            login = sign_in(request.session[ASKED], request.POST.get("code", "")[:40])
    except DomainError as error:
        context = {"error": sentence(error)}
        return render(request, "map_ui/me_code.html", context, status=error.status)
    del request.session[ASKED]
    request.session[ME] = asdict(mine.signed(login))
    # A session that somebody planted before is not the one that is signed in.
    request.session.cycle_key()
    return HttpResponseRedirect(reverse("pages:me"))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out of "my reports"."""
    request.session.pop(ME, None)
    request.session.cycle_key()
    return HttpResponseRedirect(reverse("pages:me"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def erase(request: HttpRequest) -> HttpResponse:
    """Ask once more, then forget how the one who is signed in can be reached."""
    here = signed_in(request)
    if here is None:
        return HttpResponseRedirect(reverse("pages:me"))
    if request.method != "POST":
        reports = mine.my_reports(here, catalogue.language())
        return render(request, "map_ui/me_erase.html", {"reports": reports})
    erase_contacts(here)
    request.session.pop(ME, None)
    return render(request, "map_ui/me_erase.html", {"erased": True})


def _list(request: HttpRequest, here: Address) -> HttpResponse:
    spoken = catalogue.language()
    context = {
        "reports": mine.my_reports(here, spoken),
        "followings": mine.my_followings(here, spoken),
        "alerts": [
            (one, [catalogue.category(code)["name"] for code in one.categories])
            for one in mine.my_alerts(here, spoken)
        ],
        "most": mine.MOST,
    }
    return render(request, "map_ui/me.html", context)
