"""Problems and notes as sentences in the language of the person who reads them."""

from collections.abc import Mapping
from typing import Final

from app.core.i18n import LazyText, lazy_gettext
from app.features.imports.rows import Note
from app.features.members.rules import ExemptionKind, Role
from app.features.roster.rules import NoteCode, ProblemCode

SENTENCES: Final[Mapping[str, LazyText]] = {
    ProblemCode.MISSING_NAME: lazy_gettext("The name is missing. Write it in."),
    ProblemCode.BAD_NAME: lazy_gettext("“%(typed)s” is no name. Write the name in."),
    ProblemCode.MISSING_PHONE: lazy_gettext(
        "The mobile number is missing. Write it in, or a member number for somebody without a phone."
    ),
    ProblemCode.BAD_PHONE: lazy_gettext(
        "“%(typed)s” is no mobile number. Write the 11 digits, beginning with 1, of one number."
    ),
    ProblemCode.PHONE_TAKEN: lazy_gettext(
        "%(phone)s is already the number of %(owner)s. Find out whose it is and correct it in one of the two places."
    ),
    ProblemCode.NUMBER_TAKEN: lazy_gettext(
        "The member number %(number)s already belongs to %(owner)s. Find out whose it is and correct it."
    ),
    ProblemCode.MISSING_BRANCH: lazy_gettext("The branch is missing. Write its name in."),
    ProblemCode.UNKNOWN_BRANCH: lazy_gettext(
        "“%(branch)s” is none of the branches you look after. Correct the name, or have the branch created first."
    ),
    ProblemCode.AMBIGUOUS_BRANCH: lazy_gettext(
        "More than one branch could be meant by “%(branch)s”. Write its name in full."
    ),
    ProblemCode.BAD_DATE: lazy_gettext(
        "“%(typed)s” under %(column)s is no date. Write it like 2014-07-05, or 2014-07 if the day is not known."
    ),
    ProblemCode.DUPLICATE_ROW: lazy_gettext("The same person stands in row %(row)s already. Keep one of the two rows."),
    ProblemCode.AMBIGUOUS_PERSON: lazy_gettext(
        "More than one %(name)s in %(branch)s could be meant. Write the mobile number or member number that is known."
    ),
    ProblemCode.HAS_LEFT: lazy_gettext(
        "%(name)s has left the branch. If this is a return, take the member back on the member's page first."
    ),
    ProblemCode.UNKNOWN_STATUS: lazy_gettext(
        "“%(typed)s” does not say whether this is a full or a probationary member. Write 正式党员 or 预备党员."
    ),
    ProblemCode.NOT_A_MEMBER: lazy_gettext(
        "“%(typed)s” is no member of the Party, or no longer one of this branch. Leave the row out."
    ),
    ProblemCode.BELOW_LEAVERS: lazy_gettext(
        "This row stands below “%(section)s”. Leave it out, or move it up if this member belongs here."
    ),
    ProblemCode.CUT_NUMBER: lazy_gettext(
        "Excel has cut the number under %(column)s (%(typed)s): it keeps 15 digits. Format the column as text and "
        "write the number in again."
    ),
    ProblemCode.IDENTITY_CARD: lazy_gettext(
        "Under %(column)s stands the number of an identity card, which is not kept here. Take it out."
    ),
}
_NOTES: Final[Mapping[NoteCode, LazyText]] = {
    NoteCode.JOINED_BEFORE_BIRTH: lazy_gettext("Joined the Party (%(joined)s) before being born (%(born)s)?"),
    NoteCode.JOINED_YOUNG: lazy_gettext("Joined the Party at %(age)s, before 18?"),
    NoteCode.IN_THE_FUTURE: lazy_gettext("%(typed)s under %(column)s is still to come?"),
    NoteCode.CONFIRMED_EARLY: lazy_gettext("Full member (%(confirmed)s) before joining (%(joined)s)?"),
    NoteCode.OCTOBER_GUESSED: lazy_gettext(
        "%(typed)s under %(column)s is read as October: Excel cuts the 0 of “.10”. January would be “.01”."
    ),
    NoteCode.UNKNOWN_POST: lazy_gettext("“%(typed)s” is no post known here; it is kept in the remarks."),
    NoteCode.UNKNOWN_SEX: lazy_gettext("“%(typed)s” is not read as 男 or 女; the field stays as it is."),
    NoteCode.SEX_DIFFERS: lazy_gettext("“%(typed)s” beside “%(column)s”: what the name says is taken."),
    NoteCode.STATUS_DIFFERS: lazy_gettext("“%(typed)s” beside “%(column)s”: what the column says is taken."),
    NoteCode.ODD_NAME: lazy_gettext("Is “%(typed)s” the whole name?"),
    NoteCode.LOST_CHARACTER: lazy_gettext("A character of “%(typed)s” was lost in the file. Write it in."),
    NoteCode.PHONE_PICKED: lazy_gettext("Of “%(typed)s” only %(phone)s is taken."),
    NoteCode.DAY_NUMBER: lazy_gettext(
        "%(typed)s under %(column)s is a day number of Excel: %(day)s. Was a year and a month meant?"
    ),
    NoteCode.SECRETARY_HELD: lazy_gettext(
        "%(name)s is secretary of this branch, so the post is not given. At a handover, write 党员 in the former "
        "secretary's row."
    ),
    NoteCode.POST_TWICE: lazy_gettext("%(name)s stands in this file as %(role)s of the same branch. Are there two?"),
    NoteCode.LEADER_WITHOUT_GROUP: lazy_gettext(
        "A group leader without a group: write the group in, and the post is given."
    ),
    NoteCode.OWN_RECORD: lazy_gettext(
        "Your own posts, status, branch and exemptions stay as they are: another officer decides on them."
    ),
    NoteCode.POSTS_BY_VOTE: lazy_gettext(
        "Posts that decide are no matter of a file: they stay as they are. Give or end them on the member's page; a "
        "second person confirms, or the committee above does it."
    ),
    NoteCode.FROM_ABOVE: lazy_gettext(
        "%(name)s holds a post that decides here or stands above yours: mobile number, member number, branch and "
        "exemption stay as they are. The committee above the branch changes them."
    ),
    NoteCode.MATCHED_BY_NAME: lazy_gettext(
        "Found by name and branch: the mobile number changes from %(before)s to %(after)s. Is it the same person?"
    ),
    NoteCode.EXEMPT: lazy_gettext("The remark makes this member exempt: %(kind)s."),
}


def note_sentence(note: Note) -> str:
    """What is worth a look."""
    values: dict[str, object] = dict(note.values)
    if note.code is NoteCode.EXEMPT:
        values["kind"] = ExemptionKind(note.values["kind"]).label
    if note.code is NoteCode.POST_TWICE:
        values["role"] = Role(note.values["role"]).label
    return _NOTES[NoteCode(note.code)] % values
