"""Signing in and out, in the pages' own clothes."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from incidents.actors import Actor, actor_of
from incidents.permissions import Act, Reach, Role
from map_ui.pages.push import COOKIE, end_here

OFFICES = frozenset(Role) - {Role.CITIZEN, Role.CONTRACTOR}
AUDITORS = frozenset({Role.OVERSIGHT, Role.LEADER, Role.ADMINISTRATOR})


class SignIn(LoginView):
    """Django's own sign-in; afterwards to the page that asked, else to where one's work is."""

    template_name = "map_ui/login.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Return the queue of whoever watches over all reports, figures, or one's desk."""
        actor = actor_of(self.request.user)
        if actor.may(Act.APPROVE_WORDS):
            return reverse("pages:approve")
        return reverse("pages:overview" if actor.may(Act.SEE_FIGURES) else "pages:desk")

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, and remember where the menu leads: no page asks for it anew.

        Whoever used this browser before hears of their cases here no more.
        """
        answer = super().form_valid(form)
        end_here(self.request, but=form.get_user().pk)
        self.request.session["menu"] = menu(actor_of(form.get_user()))
        return answer


def menu(actor: Actor) -> list[str]:
    """Return the names of the office's pages that open for this one."""
    ways = {
        "desk": actor.role in OFFICES,
        "approve": actor.reach(Act.APPROVE_WORDS) is not Reach.NONE,
        "duplicates": actor.reach(Act.MERGE) is not Reach.NONE,
        "overview": actor.may(Act.SEE_FIGURES),
        "analysis": actor.may(Act.SEE_FIGURES),
        "oversight": actor.role in AUDITORS,
    }
    return [name for name, open_to in ways.items() if open_to]


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and what this browser was told as; go back to the map."""
    end_here(request)
    logout(request)
    answer = HttpResponseRedirect(reverse("pages:map"))
    answer.delete_cookie(COOKIE, samesite="Lax")
    return answer
