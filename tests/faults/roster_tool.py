"""What the kill test of lists does inside an instance: `python -m tests.faults.roster_tool seed 900`."""

import io
import json
import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liasse.config.settings")
    import django

    django.setup()
    {"seed": seed, "make": make, "outcome": outcome}[sys.argv[1]]()
    return 0


def seed() -> None:
    """Make an administrator, and a confirmed list of so many clients, every third of which is invited."""
    from liasse.core.scope import instance_scope, practice_scope
    from liasse.identity.models import User
    from liasse.practices.models import Colleague, Practice
    from liasse.practices.selectors import actor_of
    from liasse.practices.types import ColleagueStatus, Role
    from liasse.rosters import services
    from liasse.rosters.types import RosterKind

    with instance_scope():
        practice = Practice.objects.get()
        user = User.objects.create(email="anne@cabinet.example", name="Anne Martin")
        anne = Colleague.objects.create(
            practice=practice, user=user, email=user.email, name=user.name, role=Role.ADMINISTRATOR,
            status=ColleagueStatus.ACTIVE,
        )  # fmt: skip
    rows = [f"Client {n};P{n};p{n}@x.example;{'' if n % 3 else 'email'}" for n in range(int(sys.argv[2]))]
    content = "\n".join(["Nom;Contact;Email;Inviter par", *rows]).encode()
    with practice_scope(practice.id):
        roster = services.upload(
            io.BytesIO(content), size=len(content), kind=RosterKind.CLIENTS, filename="l.csv", practice=practice,
            actor=actor_of(anne),
        )  # fmt: skip
        services.confirm(roster, actor=actor_of(anne))


def make() -> None:
    """Do what the worker does with the list, until it is at its end."""
    from liasse.core.scope import instance_scope, practice_scope
    from liasse.rosters import making
    from liasse.rosters.models import Roster

    with instance_scope():
        roster = Roster.objects.get()
    print("begun", flush=True)
    with practice_scope(roster.practice_id):
        while making.make(roster.id):
            pass


def outcome() -> None:
    """Print what there is, as JSON."""
    from liasse.clients.models import ClientFile, FileAccess, InboundAddress, Member
    from liasse.core.audit import verify_chain
    from liasse.core.models import AuditEvent
    from liasse.core.scope import instance_scope
    from liasse.invitations.models import Invitation
    from liasse.messaging.models import OutgoingMessage
    from liasse.rosters.models import Roster, RosterLine

    with instance_scope():
        roster = Roster.objects.get()
        files = ClientFile.objects.filter(name__startswith="Client ")
        answer = {
            "state": roster.state,
            "counts": [roster.count_made, roster.count_failed],
            "names": sorted(files.values_list("name", flat=True)),
            "lines": sorted(map(str, RosterLine.objects.values_list("made_id", flat=True))),
            "files": sorted(map(str, files.values_list("id", flat=True))),
            "belongings": [
                model.objects.filter(client_file__in=files).count() for model in (FileAccess, InboundAddress, Member)
            ],
            "invitations": [Invitation.objects.count(), OutgoingMessage.objects.count()],
            "opened": AuditEvent.objects.filter(verb="file.opened").count(),
            "breaks": list(verify_chain(roster.practice_id)),
        }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
