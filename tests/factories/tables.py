"""What makes tests of other things quick: what is the same in each of thousands of cells or papers is done once."""

from copy import copy

from django.conf import settings
from django.contrib import auth
from django.http import HttpResponse
from django.views import defaults

from accounts import middleware
from papers import archival, layout


def remember_readers(patch):
    """Load each reader and their posts once: nothing changes them while a table is asked, and the same three queries
    at each of its thousands of cells are a third of its time. Each request has copies of its own."""
    accounts, posts = {}, {}
    get_user, valid_posts = auth.get_user, middleware.valid_posts

    def remembered_user(request):
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if key not in accounts:
            accounts[key] = get_user(request)
        return copy(accounts[key])

    def remembered_posts(account):
        if account.pk not in posts:
            posts[account.pk] = valid_posts(account)
        found = [copy(post) for post in posts[account.pk]]
        for post in found:
            post.account = account
        return found

    patch.setattr(auth, "get_user", remembered_user)
    patch.setattr(middleware, "valid_posts", remembered_posts)


def draw_refusals_once(patch):
    """Draw the pages "not found" and "you may not" in full once for each reader and once for each view; afterwards they
    say only why. Drawing them again and again is half the time of a table in which most cells are refused."""
    seen = set()

    def shortened(full, status):
        def answer(request, exception):
            view = request.resolver_match.view_name if request.resolver_match else ""
            asked = {(status, "reader", request.user.pk), (status, "view", view)}
            if asked <= seen:
                return HttpResponse(f"{exception} {request.path}", status=status)
            seen.update(asked)
            return full(request, exception)

        return answer

    patch.setattr(defaults, "page_not_found", shortened(defaults.page_not_found, 404))
    patch.setattr(defaults, "permission_denied", shortened(defaults.permission_denied, 403))


# Drawing a paper and checking it as PDF/A takes six sevenths of receiving a dossier.
UNDRAWN = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def draw_papers_once(patch):
    """Draw one paper of each title; the others are a page with nothing on it."""
    seen = set()
    render_pdf, finish_as_pdfa = layout.render_pdf, archival.finish_as_pdfa

    def rendered(sheet, **given):
        if sheet.title in seen:
            return UNDRAWN
        seen.add(sheet.title)
        return render_pdf(sheet, **given)

    def finished(pdf, **given):
        return pdf if pdf is UNDRAWN else finish_as_pdfa(pdf, **given)

    patch.setattr(layout, "render_pdf", rendered)
    patch.setattr(archival, "finish_as_pdfa", finished)
