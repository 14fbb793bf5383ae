"""What is sent with a file."""

from app.core.forms import FormModel


class UploadForm(FormModel):
    """The choices beside the file."""

    create_branches: bool = False
