"""The sheet, and the facts that stand behind it, as the house knows them."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.features.scores import own_data
from app.features.scores.archive import signing
from app.features.scores.archive.due import SIGNATURES
from app.features.scores.archive.due import queues as to_archive
from app.features.scores.drafts import due
from app.features.scores.objections import service as moving
from app.features.scores.objections.corrections import FACTS as OBJECTION_FACTS
from app.features.scores.objections.due import OBJECTIONS, SETTLED, queues
from app.features.scores.publicity import due as publicity
from app.features.scores.publicity import service
from app.features.scores.vetoes import queries as vetoes
from app.features.stream import OwnPage, Stream, SweepStep, in_one_unit

SCORES: Final = Stream(
    name="scores",
    routes=(
        "app.features.scores.archive.routes",
        "app.features.scores.archive.above.routes",
        "app.features.scores.archive.together.routes",
        "app.features.scores.routes",
        "app.features.scores.objections.routes",
        "app.features.scores.drafts.routes",
        "app.features.scores.trials.routes",
        "app.features.scores.publicity.routes",
        "app.features.scores.vetoes.routes",
    ),
    sweep=(
        SweepStep(
            _("Publicities that a new list of days off made longer: %(number)s."), in_one_unit(service.move_later)
        ),
        SweepStep(_("Objections that it gave more time: %(number)s."), in_one_unit(moving.move_later)),
        SweepStep(_("Signatures that it gave more days: %(number)s."), in_one_unit(signing.move_later)),
    ),
    pages=(OwnPage("/sheet", "sheet", _("My sheet")),),
    fact_sources=(OBJECTION_FACTS,),
    reminders=(publicity.OPEN, OBJECTIONS, SETTLED, SIGNATURES),
    queues=lambda session, actor, today: (
        *due.queues(session, actor, today),
        *publicity.queues(session, actor),
        *queues(session, actor),
        *vetoes.queues(session, actor),
        *to_archive(session, actor, today),
    ),
    own_data=own_data.SECTIONS,
    purposes=own_data.PURPOSES,
)
