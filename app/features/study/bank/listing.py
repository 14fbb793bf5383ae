"""Questions as one of the lists that people bring in."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.core.i18n import gettext, ngettext
from app.core.i18n import lazy_gettext as _
from app.features.imports.forms import UploadForm
from app.features.imports.lists import AskedBeside, Link, ListKind, Placed, Planning, PreviewRow, Words
from app.features.imports.models import Upload
from app.features.imports.rows import SENTENCES as OF_ANY_LIST
from app.features.imports.rows import ImportResult, RowVerdict, outcome
from app.features.members.actor import Actor
from app.features.study.bank import service as bank
from app.features.study.bank.keepers import kept_by
from app.features.study.bank.reading import (
    HEADINGS,
    Column,
    PlannedRow,
    QuestionRow,
    is_about_a_question,
    planned,
    question_row,
)
from app.features.study.bank.rules import LETTERS, SENTENCES, NewQuestion

HOME: Final = "/study/questions"


class QuestionsForm(UploadForm):
    """The choice beside the file."""

    bank_id: UUID | None = None


def _asks(session: Session, actor: Actor) -> Sequence[AskedBeside]:
    kept = bank.names(session, kept_by(actor))
    return (AskedBeside("bank_id", gettext("Question bank"), list(kept.items())),) if len(kept) > 1 else ()


def _place(_session: Session, actor: Actor, form: QuestionsForm) -> Placed:
    kept = kept_by(actor)
    bank_id = form.bank_id or next(iter(kept), None)
    if bank_id not in kept:
        raise NotFoundError
    return Placed(bank_id, {})


def _bank(upload: Upload) -> UUID:
    if upload.place_id is None:
        raise NotFoundError
    return upload.place_id


def _plan(session: Session, _actor: Actor, upload: Upload, rows: Sequence[QuestionRow]) -> Planning[PlannedRow]:
    return Planning(planned(rows, bank.stems(session, _bank(upload))))


def _take_in(session: Session, actor: Actor, upload: Upload, rows: Sequence[QuestionRow]) -> ImportResult:
    plan = _plan(session, actor, upload, rows).rows
    bank.add_all(session, actor, _bank(upload), [one.row.entry for one in plan if one.verdict is RowVerdict.NEW])
    return outcome(plan)


def _shown(_session: Session, _actor: Actor, _upload: Upload, rows: Sequence[PlannedRow]) -> Sequence[PreviewRow]:
    return [
        PreviewRow(
            title=one.row.entry.stem or gettext("No question"),
            facts=[*_facts(one.row.entry)],
            notes=[str(SENTENCES[note.code]) for note in one.row.notes],
        )
        for one in rows
    ]


def _facts(entry: NewQuestion) -> list[tuple[str, str]]:
    options = [(letter, option) for letter, option in zip(LETTERS, entry.options, strict=False) if option]
    typed = [
        (HEADINGS[column][0], text)
        for column, text in (
            (Column.KEY, entry.typed_key),
            (Column.EXPLANATION, entry.explanation),
            (Column.SOURCE, entry.source),
            (Column.TAG, entry.tag),
        )
        if text
    ]
    return [*([("", str(entry.kind.label))] if entry.kind else []), *options, *typed]


def _confirm_words(number: int) -> str:
    return ngettext("Take in %(num)s question", "Take in %(num)s questions", number) % {"num": number}


QUESTIONS: Final[ListKind[Column, NewQuestion, PlannedRow]] = ListKind(
    name="questions",
    address=f"{HOME}/import",
    template_address=f"{HOME}/template.xlsx",
    names=HEADINGS,
    required=Column.STEM,
    unmissed=frozenset({"序号", "序", "题号", "分值", "原因"}),
    column_type=Column,
    entry_type=NewQuestion,
    most_rows=2000,
    form=QuestionsForm,
    about=is_about_a_question,
    read=question_row,
    sentences={**OF_ANY_LIST, **SENTENCES},
    asks=_asks,
    place=_place,
    reaches=lambda _session, actor, upload: upload.place_id in kept_by(actor),
    plan=_plan,
    shown=_shown,
    take_in=_take_in,
    how_to=(
        "说明：",
        "说明1：每行一题。题型填单选、多选或判断；题干、答案必填。",
        "说明2：选项从 A 起连着填，2 至 8 个；判断题不填选项。",
        "说明3：答案写字母，如 A、AC；判断题写对或错。",
        "说明4：只取文字，格式、图片不读。题库里已有的题目自动跳过。这几行说明可以留着。",
    ),
    words=Words(
        upload=_("Bring in questions"),
        file=_("The Excel or CSV file"),
        most=_("At most 2,000 questions. Titles above the headings and blank lines are fine."),
        promise=_("Nothing is written before you have seen what would be."),
        advice=(
            _("Each row needs a kind, a question and an answer; headings may have their usual other names."),
            _("Answers may read A, AC, A,C or A、C; of right or wrong 对, 错, √ or ×."),
            _("Only text is taken. A question that the bank has already is shown and left out."),
        ),
        check=_("Check the questions"),
        taken_without=_(
            "All others are taken in without them. Take the file, correct it there, and bring it in again."
        ),
        leave=_("Do not take them in"),
        left=_("The file is forgotten. Nothing was taken in."),
        confirm=_confirm_words,
        done=_("The questions are in the bank"),
        same=_("There already"),
        sheet_name="题库",
        template=_("Questions"),
        to_correct=_("Questions to correct"),
        no_header=_(
            "No headings were found in this file. It needs one row with headings such as 题型, 题干 and 答案 above the "
            "questions; the template has them all."
        ),
        no_rows=_("There is no question below the headings of this file. Fill in the rows and try again."),
        too_many=_("This file has more than %(rows)s questions. Split it into several files."),
        unnamed=_("Questions"),
        back=Link(_("Question bank"), HOME),
        next_page=Link(_("To the question bank"), HOME),
    ),
)
