"""What a file knew of its suppliers comes along with it: the directory, what was learned, and alarms."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db.models import Model

from liasse.custody import whole_suppliers as tables
from liasse.custody.restoring_rows import Restoring, Row, moment
from liasse.reading.types import FieldName
from liasse.suppliers.models import Alarm, Appearance, Layout, Lesson, Mark, Supplier
from liasse.suppliers.types import AlarmCode, AlarmState, Anchor, MarkKind, Weight

BORN: Final[dict[type[Model], str]] = {Mark: "created_at", Layout: "created_at", Alarm: "raised_at"}
"""The columns in which an insertion writes its own moment."""

_MOMENTS: Final = frozenset({"created_at", "raised_at", "learned_at", "forgotten_at", "dismissed_at"})
_PLACES: Final = ("x0", "y0", "x1", "y1")


def supplier_of(row: Row, *, restoring: Restoring) -> list[Model]:
    """Give a supplier with all that it is known by, and its documents."""
    supplier = _made(Supplier, row, tables.SUPPLIER_COLUMNS, restoring=restoring)
    if supplier.id in restoring.suppliers:
        raise ValueError(row["id"])
    restoring.suppliers.add(supplier.id)
    made: list[Model] = [supplier]
    for mark in row["marks"]:
        MarkKind(mark["kind"])
        made.append(_made(Mark, mark, tables.MARK_COLUMNS, restoring=restoring, supplier=supplier))
    for one in row["appearances"]:
        about = {"supplier": supplier, "document_id": restoring.document(one["document"])}
        made.append(_made(Appearance, one, tables.APPEARANCE_COLUMNS, restoring=restoring, **about))
    return made


def layout_of(row: Row, *, restoring: Restoring) -> list[Model]:
    """Give a layout with what was learned of it."""
    for name in ("words", "marks", "names"):
        _texts(row[name])
    layout = _made(Layout, row, tables.LAYOUT_COLUMNS, restoring=restoring, supplier_id=_supplier(row, restoring))
    made: list[Model] = [layout]
    for lesson in row["lessons"]:
        FieldName(lesson["field"])
        for anchor in lesson["anchors"]:
            _look_at(Anchor.from_json(anchor))
        about = {"layout": layout, "document_id": restoring.document(lesson["document"])}
        made.append(_made(Lesson, lesson, tables.LESSON_COLUMNS, restoring=restoring, **about))
    return made


def alarm_of(row: Row, *, restoring: Restoring) -> Alarm:
    """Give what was odd about a document."""
    AlarmCode(row["code"]), Weight(row["weight"]), AlarmState(row["state"])
    _texts([*row["facts"], *row["facts"].values()])
    about = {"document_id": restoring.document(row["document"])}
    return _made(Alarm, row, tables.ALARM_COLUMNS, restoring=restoring, **about)


def _supplier(row: Row, restoring: Restoring) -> UUID | None:
    if row["supplier"] is None:
        return None
    found = restoring.id_of(row["supplier"])
    if found not in restoring.suppliers:
        raise ValueError(row["supplier"])
    return found


def _made[Kind: Model](
    model: type[Kind],
    row: Row,
    names: tuple[str, ...],
    *,
    restoring: Restoring,
    **about: Any,  # noqa: ANN401 - any column
) -> Kind:
    values = {name: row[name] for name in names}
    for name in _MOMENTS & values.keys():
        values[name] = None if values[name] is None else moment(values[name])
    keys = {"id": restoring.id_of(row["id"]), "practice_id": restoring.practice_id}
    made = model(**keys, client_file_id=restoring.file_id, **values, **about)
    restoring.judge(made)
    return made


def _texts(found: object) -> None:
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise TypeError(found)


def _look_at(anchor: Anchor) -> None:
    """Refuse an anchor that hints could not use."""
    _texts([anchor.left, anchor.above, anchor.shape])
    sides = [getattr(anchor, name) for name in _PLACES]
    if not all(isinstance(side, int | float) and not isinstance(side, bool) for side in sides):
        raise TypeError(sides)
    if type(anchor.page) is not int or not all(isinstance(one, bool) for one in (anchor.is_last, anchor.month_first)):
        raise TypeError(anchor)
