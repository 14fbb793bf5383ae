"""What a person wants to be reminded of."""

from pydantic import Field

from app.core.forms import FormModel


class SourcesForm(FormModel):
    """The ticked kinds of things; those that are not ticked stay silent."""

    sources: list[str] = Field(default_factory=list)
