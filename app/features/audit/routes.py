"""The audit log, for the audit administrator alone."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.core import forms, pages
from app.core.routing import DbSession, Router
from app.features.audit import queries
from app.features.audit.forms import FilterForm
from app.features.audit.rules import in_words
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction, Permission
from app.features.sign_in.door import require

ENTRIES = "audit/entries.html"
router = Router(prefix="/audit")
Auditor = Annotated[Actor, require(Permission.AUDIT)]


@router.get("")
def list_entries(request: Request, session: DbSession, _actor: Auditor) -> Response:
    """Who changed what, newest first; by day and by action if wanted."""
    form = forms.parse(FilterForm, FormData(dict(request.query_params)))
    found = queries.entries(session, **form.value.model_dump()) if form.value else ()
    return pages.render(
        request,
        ENTRIES,
        block="entry_list",
        status=200 if form.value else 422,
        form=form,
        entries=found[: queries.PAGE],
        has_more=len(found) > queries.PAGE,
        in_words=in_words,
        actions=AuditAction.choices(),
    )
