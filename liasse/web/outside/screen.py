"""What a file's settings show of the outside engine."""

from __future__ import annotations

from dataclasses import dataclass

from liasse.clients.models import ClientFile
from liasse.outside.selectors import Switched, destination, switch_of
from liasse.outside.sentences import warning


@dataclass(frozen=True, slots=True)
class EngineCard:
    """Where documents would go and what that means; ``switch`` is None where nobody ever switched it on."""

    host: str
    model: str
    warning: str
    switch: Switched | None

    @property
    def is_on(self) -> bool:
        """Tell whether documents are sent now."""
        return self.switch is not None and self.switch.is_on


def engine_card(client_file: ClientFile) -> EngineCard | None:
    """Give the card; None where the instance has no engine. One query then, else none."""
    goal = destination()
    if goal is None:
        return None
    return EngineCard(host=goal.host, model=goal.model, warning=warning(goal), switch=switch_of(client_file))
