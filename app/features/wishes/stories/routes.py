"""The page on which a story is told, and the photo that goes with it."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field

from app.core import clock, pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.forms import Day, Form, FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.photos import ACCEPTED, MEDIA_TYPE, SentPhoto, sent
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.wishes import queries as wishes
from app.features.wishes.pages import AnswersForWishes, SeesWishes
from app.features.wishes.stories import rules, service
from app.features.wishes.stories import service as queries
from app.features.wishes.stories.rules import STORY_LENGTH, AgreedHow
from app.features.wishes.stories.service import StoryText


class StoryForm(FormModel):
    """The story and the consent it rests on; the photo comes as a file beside it."""

    story: str = Field(min_length=2, max_length=STORY_LENGTH)
    agreed: bool = False
    agreed_how: AgreedHow = AgreedHow.SPOKEN
    agreed_on: Day | None = None
    without_photo: bool = False


STORY: Final = "wishes/story.html"
router = Router(prefix="/wishes/{wish_id:uuid}/story")
StoryPhoto = Annotated[SentPhoto, sent(square=False, sizes=(rules.PHOTO_SIDE,))]


@router.get("")
def story_page(request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID) -> Response:
    """Where the story of a wish is told, corrected or taken down."""
    return _page(request, session, actor, wish_id)


@router.post("")
def tell(
    request: Request, session: DbSession, actor: AnswersForWishes, *, wish_id: UUID, raw: RawForm, photo: StoryPhoto
) -> Response:
    """Show the story to the paired branches."""

    def show(form: StoryForm) -> Done:
        told = StoryText(
            story=form.story,
            agreed=form.agreed,
            agreed_how=form.agreed_how,
            agreed_on=form.agreed_on or clock.today(),
            photo=photo.taken().get(rules.PHOTO_SIDE),
            without_photo=form.without_photo,
        )
        service.tell(session, actor, wish_id=wish_id, told=told)
        return Done(f"/wishes/desk/{wish_id}", _("The story is shown to the paired branches."))

    return act(request, session, raw, StoryForm, show, page=partial(_page, request, session, actor, wish_id))


@router.post("/take-down")
def take_down(request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID) -> Response:
    """The wisher said so: story and photo are erased at once."""
    service.take_down_for(session, actor, wish_id=wish_id)
    return pages.go(request, f"/wishes/desk/{wish_id}", message=_("The story is taken down and erased."))


@router.get("/photo")
def photo(session: DbSession, actor: SeesWishes, wish_id: UUID) -> Response:
    """The photo of the thing, for whoever sees the wish."""
    content = queries.photo_of(session, actor, wish_id)
    return Response(content, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


def _page(request: Request, session: DbSession, actor: Actor, wish_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    wish = wishes.wish(session, actor, wish_id)
    wishes.check_answers_for(session, actor, wish_id)
    rules.check_tellable(wish.status)
    return answer.drawn(
        request,
        STORY,
        form=answer.form or Form(),
        wish=wish,
        told=queries.stories_of(session, [wish_id]).get(wish_id),
        consent=rules.CONSENT_TEXTS[rules.CONSENT_VERSION],
        agreed_how=rules.AgreedHow.choices(),
        longest=rules.STORY_LENGTH,
        accepted=ACCEPTED,
        today=clock.today(),
    )
