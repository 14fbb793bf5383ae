"""What is sent with a file."""

from uuid import UUID

from app.core.forms import FormModel


class PickForm(FormModel):
    """Who is meant by a row."""

    place: str
    who: UUID


class UploadForm(FormModel):
    """The file itself is taken from the form as it came; here is only the place where a refusal of it stands."""

    file: None = None
    text: str = ""
    """Rows that were pasted instead, where the list takes them."""
