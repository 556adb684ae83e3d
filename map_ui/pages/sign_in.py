"""Signing in and out, in the pages' own clothes."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST


class SignIn(LoginView):
    """Django's own sign-in; afterwards to the page that asked, or to the operators' queue."""

    template_name = "map_ui/login.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Return the operators' queue."""
        return reverse("pages:approve")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and go back to the map."""
    logout(request)
    return HttpResponseRedirect(reverse("pages:map"))
