"""The bank of questions: a form and a list, what of them is refused, versions, and who keeps which bank."""

import pytest
from sqlalchemy import select

from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.core.tables import write_xlsx
from app.features.study.bank import service as bank
from app.features.study.bank.reading import HEADINGS
from app.features.study.bank.rules import NewQuestion
from app.features.study.quiz.models import BankQuestion
from app.features.study.quiz.rules import QuestionType
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import page

SCRIPT = "<script>alert(1)</script> 是什么？"


def typed(**said):
    form = {"id": str(new_id()), "kind": "single", "stem": "党的最高权力机关是？", "options": "甲\n乙\n丙", "key": "a"}
    return form | said


def questions(database, place=None):
    with database.read() as session:
        rows = session.scalars(select(BankQuestion).order_by(BankQuestion.stem, BankQuestion.version)).all()
        return [row for row in rows if place is None or row.bank_id == place]


def xlsx(*rows):
    headings = [names[0] for names in HEADINGS.values()]
    return write_xlsx("题库", headings, [(*row, *[""] * (len(headings) - len(row))) for row in rows])


def row(kind, stem, options, key, explanation=""):
    return (kind, stem, *options, *[""] * (8 - len(options)), key, explanation)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_sam_puts_a_question_into_the_bank_once(client, database, sam, headers):
    form = typed(kind="multiple", key="c,A", explanation="党章第十条")
    for _twice in range(2):
        client.post("/study/questions", data=form, headers=headers | as_member(sam))
    (there,) = questions(database)
    assert (there.key, there.options, there.points, there.explanation) == ("AC", ["甲", "乙", "丙"], 5, "党章第十条")
    assert there.bank_id == sam.branch_id


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"key": "D"}, "names option D"),
        ({"key": "AB"}, "one letter"),
        ({"key": "也许"}, "cannot be read"),
        ({"options": "甲"}, "two to eight"),
        ({"kind": "true_false", "options": "", "key": "C"}, "cannot be read"),
        ({"points": "21"}, "at most 20"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, database, sam, said, sentence):
    answer = client.post("/study/questions", data=typed(**said), headers=ENGLISH | as_member(sam))
    assert sentence in page(answer, 422).get_text()
    assert questions(database) == []


def test_the_same_question_is_refused_however_it_is_spaced(client, database, sam):
    client.post("/study/questions", data=typed(), headers=as_member(sam))
    again = client.post("/study/questions", data=typed(stem="党的 最高权力机关是?"), headers=as_member(sam))
    assert again.status_code == 409
    assert len(questions(database)) == 1


def test_a_list_comes_in_once_with_its_bad_rows_back(client, database, sam):
    rows = (
        row("单选题", "第一题", ("甲", "乙"), "Ｂ", "解析"),
        row("多选", "第二题", ("甲", "乙", "丙"), "A、C"),
        row("判断", SCRIPT, (), "√"),
        row("判断题", "正确和错误", ("正确", "错误"), "B"),
        row("多选", "只有一个", ("甲", "乙"), "a"),
        row("单选", "两个字母", ("甲", "乙"), "AB"),
        row("单选", "没有D", ("甲", "乙"), "D"),
        row("单选", "有空", ("甲", "", "丙"), "A"),
        row("填空", "没有这种", ("甲", "乙"), "A"),
        row("单选", " 第一题 ", ("丙", "丁"), "A"),
    )

    def bring():
        files = {"file": ("题库.xlsx", xlsx(*rows))}
        return client.post("/study/questions/import", files=files, headers=as_member(sam)).headers["location"]

    def look(address, show):
        return page(client.get(f"{address}?show={show}", headers=ENGLISH | as_member(sam))).get_text(" ", strip=True)

    address = bring()
    said = look(address, "problem")
    assert "Problems 5" in said
    for sentence in ("one letter in its key", "names option D", "Option B is empty", "no kind of question", "row 2"):
        assert sentence in said
    assert "Is that right?" in look(address, "new")
    for _twice in range(2):
        client.post(f"{address}/confirm", headers=as_member(sam))
    assert {(one.stem, one.key) for one in questions(database)} == {
        ("第一题", "B"), ("第二题", "AC"), (SCRIPT, "T"), ("正确和错误", "F"), ("只有一个", "A"),
    }  # fmt: skip
    assert "There already 5" in look(bring(), "same")
    shown = client.get("/study/questions", headers=as_member(sam))
    assert page(shown).find("script", string="alert(1)") is None  # text, and nothing but text
    assert SCRIPT in page(shown).get_text()


def test_before_a_quiz_has_opened_a_correction_changes_the_question_itself(client, database, sam):
    client.post("/study/questions", data=typed(), headers=as_member(sam))
    (there,) = questions(database)
    client.post(f"/study/questions/{there.id}", data=typed(key="B"), headers=as_member(sam))
    (now,) = questions(database)
    assert (now.id, now.key, now.version) == (there.id, "B", 1)
    client.post(f"/study/questions/{there.id}/out", headers=as_member(sam))
    assert not any(one.is_current for one in questions(database))


def test_each_keeps_the_own_bank_and_nobody_else_sees_a_key(client, database, sam, oscar, carl, alice, committee):
    client.post("/study/questions", data=typed(), headers=as_member(sam))
    client.post("/study/questions", data=typed(bank_id=str(committee.id)), headers=as_member(carl))
    (own,), (above,) = questions(database, sam.branch_id), questions(database, committee.id)
    assert page(client.get(f"/study/questions/{own.id}", headers=as_member(sam)))
    for other in (carl, oscar):
        assert client.get(f"/study/questions/{own.id}", headers=as_member(other)).status_code == 404
    assert client.get("/study/questions", headers=as_member(alice)).status_code == 403
    with database.write() as session:
        assert [one.id for one in bank.offered(session, oscar.branch_id)] == [above.id]
        new = NewQuestion(QuestionType.TRUE_FALSE, "别人的题库", typed_key="对")
        with pytest.raises(NotFoundError):
            bank.add(session, oscar.actor, bank_id=committee.id, new=new)
