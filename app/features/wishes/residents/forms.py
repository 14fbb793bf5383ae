"""What residents type and moderators send. Nothing typed is lost: a form that cannot be taken comes back as it was."""

from typing import Annotated

from pydantic import AfterValidator, Field

from app.core.forms import Day, Form, FormModel
from app.core.i18n import gettext as _
from app.features.private.rules import ADDRESS_LENGTH, NAME_LENGTH, PHONE_LENGTH, ConsentKind
from app.features.wishes.residents import rules
from app.features.wishes.residents.rules import TOKEN_LENGTH, ForWhom, SaidByResident
from app.features.wishes.rules import NEED_LENGTH, TITLE_LENGTH, Category


def _phone(typed: str) -> str:
    number = rules.dialled(typed)
    if number is None:
        raise ValueError(_("Please write the number with its digits, like 13800000000 or 0931-1234567."))
    return number


class ResidentForm(FormModel):
    """The form behind the poster."""

    need: str = Field(min_length=2, max_length=NEED_LENGTH)
    category: Category
    wanted_by: Day | None = None
    name: str = Field(min_length=1, max_length=NAME_LENGTH)
    phone: Annotated[str, Field(max_length=PHONE_LENGTH), AfterValidator(_phone)] | None = None
    address: str = Field(default="", max_length=ADDRESS_LENGTH)
    for_whom: ForWhom = ForWhom.ONESELF
    agreed: bool = False
    agreed_other: bool = False
    agreed_sensitive: bool = False
    under_14: bool = False
    guardian: str = Field(default="", max_length=rules.GUARDIAN_LENGTH)
    agreed_guardian: bool = False
    website: str = Field(default="", max_length=500)
    """A field that people do not see. Programs fill it in."""
    receipt: str = Field(default="", max_length=40)

    @property
    def consents(self) -> tuple[ConsentKind, ...]:
        """What the resident has ticked."""
        boxes = {
            ConsentKind.ORDINARY: self.agreed,
            ConsentKind.SENSITIVE: self.agreed_sensitive,
            ConsentKind.GUARDIAN: self.under_14 and self.agreed_guardian,
        }
        return tuple(kind for kind, is_ticked in boxes.items() if is_ticked)

    @property
    def told(self) -> SaidByResident:
        """What the resident said."""
        return SaidByResident(
            need=self.need,
            category=self.category,
            wanted_by=self.wanted_by,
            name=self.name,
            phone=self.phone or "",
            address=self.address,
            for_whom=self.for_whom,
            agreed=self.consents,
            guardian=self.guardian if self.under_14 else "",
        )


class ReceiptForm(FormModel):
    """The code of a receipt."""

    code: str = Field(max_length=100)


def checked(form: Form[ResidentForm]) -> Form[ResidentForm]:
    """The form with a sentence at each box that has to be ticked and each piece that is missing."""
    value = form.value
    return form if value is None else form.with_errors(**wrong) if (wrong := _missing(value)) else form


def _missing(value: ResidentForm) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not value.phone and not value.address:
        wrong["phone"] = _("Please write a phone number or an address, so that somebody can find you.")
    if not value.agreed:
        wrong["agreed"] = _("Without this we may not keep how to reach you. Please tick it if you agree.")
    if value.for_whom is ForWhom.OTHER and not value.agreed_other:
        wrong["agreed_other"] = _("Please ask the person first, then tick this.")
    if not value.agreed_sensitive and rules.is_delicate(value.category, value.need):
        wrong["agreed_sensitive"] = _(
            "Your words tell of health, disability, hardship or religion. Please tick this if you agree, or leave "
            "those words out."
        )
    if value.under_14 and not value.guardian:
        wrong["guardian"] = _("Please write the name of the father, the mother or the guardian.")
    if value.under_14 and not value.agreed_guardian:
        wrong["agreed_guardian"] = _("For a child under 14 the guardian has to agree.")
    if value.website:
        wrong["website"] = _("Please leave this one field empty and send again; everything else is kept.")
    return wrong


class AcceptForm(FormModel):
    """How members will read the wish."""

    title: str = Field(min_length=1, max_length=TITLE_LENGTH)
    need: str = Field(default="", max_length=NEED_LENGTH)
    category: Category


class RenewForm(FormModel):
    """The word of the poster that is to be read no more: a page that is older than a renewal renews nothing."""

    token: str = Field(max_length=TOKEN_LENGTH)
