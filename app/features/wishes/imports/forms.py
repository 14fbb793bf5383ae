"""What is sent with a list."""

from uuid import UUID

from app.core.forms import FormModel


class UploadForm(FormModel):
    """The choice beside the file."""

    community_id: UUID | None = None
