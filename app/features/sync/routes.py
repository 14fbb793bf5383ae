"""The door for phones, and the officer's page for what a phone could not send."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from app.core import built, clock, pages
from app.core.answers import Answer, act
from app.core.forms import FormModel, RawBody, RawForm, upload
from app.core.routing import DbSession, Nobody, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.sync import forms, service
from app.features.sync.errors import NoQueueFileError
from app.features.sync.kinds import lists_of, without_network
from app.features.sync.reading import title_as_sent

FILE_PAGE = "sync/file.html"


class FileForm(FormModel):
    """The form that brings a phone's file; what it brings is read by itself."""

    file: str = ""


router = Router()


@router.post("/sync")
def sync(session: DbSession, actor: Annotated[Actor, require(Permission.HAVE_ACCOUNT)], body: RawBody) -> Response:
    """Take a batch in and answer with one verdict per item; the answer leaves after the commit."""
    batch = forms.read_envelope(body.content)
    answers = service.receive(session, actor, batch, received_at=body.received_at)
    verdicts = [{"id": answer.id} | answer.outcome._asdict() for answer in answers]
    return JSONResponse({"server_time": clock.now().isoformat(), "verdicts": verdicts})


@router.get("/sync/lists")
def lists(session: DbSession, actor: Annotated[Actor, require(Permission.HAVE_ACCOUNT)]) -> Response:
    """What is the actor's own right now, for the phone to speak of without a network. No cache keeps it."""
    return JSONResponse(lists_of(session, actor), headers={"Cache-Control": "no-store"})


@router.get("/sync/offline.json")
def offline(_door: Nobody) -> Response:
    """What the worker does where the network is away. It is part of the shell, and names nobody."""
    return JSONResponse(without_network(), headers=built.shell_headers())


@router.get("/sync/file")
def choose_file(request: Request, _actor: Annotated[Actor, require(Permission.RECORD_FOR_OTHERS)]) -> Response:
    """Where an officer takes in the queue of a phone that cannot send any more."""
    return pages.render(request, FILE_PAGE, form=None, taken=None)


@router.post("/sync/file")
def take_over_file(
    request: Request, session: DbSession, actor: Annotated[Actor, require(Permission.RECORD_FOR_OTHERS)], raw: RawForm
) -> Response:
    """Take a handed-over queue in; taking it in again changes nothing."""

    def take(_form: FileForm) -> Response:
        file = upload(raw, "file")
        if file is None:
            raise NoQueueFileError
        queue = forms.read_queue_file(file.file.read(forms.MAX_FILE_BYTES + 1))
        name, answers = service.take_over(session, actor, queue)
        rows = [(title_as_sent(item), answer.outcome) for item, answer in zip(queue.items, answers, strict=True)]
        return pages.render(request, FILE_PAGE, form=None, taken=rows, name=name)

    def again(answer: Answer) -> Response:
        return answer.drawn(request, FILE_PAGE, taken=None)

    return act(request, session, raw, FileForm, take, page=again)
