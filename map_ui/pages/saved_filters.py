"""Keeping the desk's address under a name, and taking it away."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from incidents.actors import actor_of
from incidents.intake.web import refuse_nul
from incidents.services.saved_filters import remove_filter, save_filter
from map_ui.desk_queries import desk_query


@require_POST
@login_required
@never_cache
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filter that the form carries.

    Raises PermissionDenied, TextHasNul, NameMissing, TooManyKept.
    """
    refuse_nul(request.POST.dict())
    query = urlencode(desk_query(QueryDict(request.POST.get("query", ""))))
    shared = request.POST.get("shared") == "1"
    save_filter(actor_of(request.user), request.POST.get("name", ""), query, shared=shared)
    return HttpResponseRedirect(f"{reverse('pages:desk')}?{query}")


@require_POST
@login_required
@never_cache
def remove(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Take an own view away. Raises NothingKept."""
    remove_filter(actor_of(request.user), filter_id)
    return HttpResponseRedirect(reverse("pages:desk"))
