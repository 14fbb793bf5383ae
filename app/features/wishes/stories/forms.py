"""What is typed when a story is told."""

from pydantic import Field

from app.core.forms import Day, FormModel
from app.features.wishes.stories.rules import STORY_LENGTH, AgreedHow


class StoryForm(FormModel):
    """The story and the consent it rests on; the photo comes as a file beside it."""

    story: str = Field(min_length=2, max_length=STORY_LENGTH)
    agreed: bool = False
    agreed_how: AgreedHow = AgreedHow.SPOKEN
    agreed_on: Day | None = None
    without_photo: bool = False
