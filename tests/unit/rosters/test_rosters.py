"""Lists of clients and colleagues: what is said of each line, and that each is made once."""

from __future__ import annotations

import io

import pytest
from django.utils import translation

from liasse.clients.models import ClientFile, FileAccess, InboundAddress, Member
from liasse.core.audit import verify_chain
from liasse.core.errors import ConflictError, InvalidError, NotThereError
from liasse.core.models import AuditEvent
from liasse.invitations.models import Invitation
from liasse.practices.models import Colleague
from liasse.practices.teams import save_team
from liasse.practices.types import ColleagueStatus
from liasse.rosters import making, services
from liasse.rosters.columns import template_rows
from liasse.rosters.models import Roster, RosterLine
from liasse.rosters.types import Outcome, RosterKind, RosterState, Verdict
from tests.queries import asked
from tests.web.firm import Firm, firm

pytestmark = pytest.mark.django_db
HEAD = "Nom de l'entreprise;Code cabinet;SIREN;Contact;Adresse email;Téléphone;Inviter par;Collaborateurs;Secteur"


@pytest.fixture
def cabinet() -> Firm:
    return firm()


def uploaded(
    office: Firm, *lines: str, by: str = "claire", kind: RosterKind = RosterKind.CLIENTS, head: str = HEAD
) -> Roster:
    content = "\r\n".join([head, *lines]).encode()
    with office.scope(), translation.override("fr"):
        return services.upload(
            io.BytesIO(content),
            size=len(content),
            kind=kind,
            filename="liste.csv",
            practice=office.practice,
            actor=office.actor(by),
        )


def lines(office: Firm, roster: Roster) -> list[RosterLine]:
    with office.scope():
        return list(services.all_lines(roster))


def made(office: Firm, roster: Roster, *, by: str = "claire") -> Roster:
    with office.scope():
        services.confirm(roster, actor=office.actor(by))
        while making.make(roster.id):
            pass
        return Roster.objects.get(id=roster.id)


def test_nothing_is_created_before_it_is_confirmed(cabinet: Firm) -> None:
    roster = uploaded(cabinet, "Boulangerie;B1;;;;;;;", "Garage;G1;;;;;;;")
    assert (roster.state, roster.count_lines, roster.count_wrong) == (RosterState.PREVIEWED, 2, 0)
    with cabinet.scope():
        assert not ClientFile.objects.exists()
        assert making.make(roster.id) is None
        assert not ClientFile.objects.exists()


def test_a_line_becomes_the_file_that_the_wizard_would_make(cabinet: Firm) -> None:
    lea = cabinet.people["lea"]
    roster = uploaded(
        cabinet,
        f"L'Épi d'Or;B1;732 829 320;Hélène Lemoine; Helene@Epidor.example ;06 12 34 56 78;email;{lea.email};"
        "Boulangerie, alimentation",
    )
    assert [line.remarks for line in lines(cabinet, roster)] == [[]]
    made(cabinet, roster)
    with cabinet.scope():
        file = ClientFile.objects.get()
        assert (file.name, file.practice_code, file.siren, file.sector) == ("L'Épi d'Or", "B1", "732829320", "bakery")
        assert file.count_colleagues == 2
        assert set(FileAccess.objects.values_list("colleague__name", flat=True)) == {"Claire Delmas", "Léa Martin"}
        member = Member.objects.get()
        assert (member.name, member.email, member.phone) == ("Hélène Lemoine", "helene@epidor.example", "+33612345678")
        assert Invitation.objects.get().member_id == member.id
        assert InboundAddress.objects.get().client_file_id == file.id
        assert list(verify_chain(cabinet.practice.id)) == []


def test_a_line_names_who_is_responsible_and_the_teams(cabinet: Firm) -> None:
    with cabinet.scope():
        for name in ("Sud", "Pôle BTP"):
            save_team(cabinet.practice, team=None, name=name, colleague_ids=[], actor=cabinet.actor())
    lea, claire = cabinet.people["lea"], cabinet.people["claire"]
    made(
        cabinet,
        uploaded(
            cabinet,
            f"Garage;{lea.email.upper()};pole btp, Sud",
            f"Fleuriste;{claire.email};",
            "Bar;;",
            head="Nom de l'entreprise;Responsable;Équipes",
        ),
    )
    with cabinet.scope():
        files = {file.name: file for file in ClientFile.objects.select_related("responsible")}
        garage = files["Garage"]
        assert [files[name].responsible for name in ("Garage", "Fleuriste", "Bar")] == [lea, claire, None]
        assert {grant.team.name for grant in garage.team_accesses.select_related("team")} == {"Sud", "Pôle BTP"}
        assert set(garage.accesses.values_list("colleague__name", flat=True)) == {"Claire Delmas", "Léa Martin"}
        assert (garage.count_colleagues, files["Fleuriste"].count_colleagues) == (2, 1)
        after = AuditEvent.objects.get(verb="file.opened", subject_id=garage.id).after
    assert (after["responsible"], after["teams"]) == ("Léa Martin", ["Pôle BTP", "Sud"])


def test_a_team_or_responsible_that_is_not_there_is_said(cabinet: Firm) -> None:
    marc = cabinet.people["marc"]
    roster = uploaded(
        cabinet, "A;personne@x.example;", f"B;{marc.email};", "C;;Nord", head="Nom de l'entreprise;Responsable;Équipes"
    )
    said = [" ".join(line.remarks) for line in lines(cabinet, roster)]
    assert [line.verdict for line in lines(cabinet, roster)] == [Verdict.WRONG] * 3
    assert "personne@x.example" in said[0]
    assert marc.email in said[1]
    assert said[2] == "Équipes : Aucune équipe du cabinet ne s’appelle Nord."


def test_colleagues_join_their_teams_and_may_see_the_follow_up(cabinet: Firm) -> None:
    with cabinet.scope():
        ids = [cabinet.people["lea"].id]
        south = save_team(cabinet.practice, team=None, name="Sud", colleague_ids=ids, actor=cabinet.actor())
    roster = uploaded(
        cabinet,
        "Zoé Roux;zoe@x.example;oui;SUD",
        "Max;max@x.example;;Nord",
        kind=RosterKind.COLLEAGUES,
        head="Nom;Adresse email;Peut voir le suivi;Équipes",
    )
    assert [line.verdict for line in lines(cabinet, roster)] == ["ready", "wrong"]
    made(cabinet, roster)
    with cabinet.scope():
        zoe = Colleague.objects.get(email="zoe@x.example")
        assert zoe.can_see_progress
        assert set(south.memberships.values_list("colleague__name", flat=True)) == {"Léa Martin", "Zoé Roux"}
        event = AuditEvent.objects.filter(verb="team.saved").latest("sequence")
    assert event.after["colleagues"] == ["Léa Martin", "Zoé Roux"]


def test_a_contact_without_invitation_is_written_down(cabinet: Firm) -> None:
    made(cabinet, uploaded(cabinet, "Garage;;;Paul Roux;paul@garage.example;;;;"))
    with cabinet.scope():
        assert Member.objects.get().email == "paul@garage.example"
        assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (";B1;;;;;;;", "Nom de l'entreprise"),
        ("Garage;;123;;;;;;", "SIREN"),
        ("Garage;;;Paul;paul@;;email;;", "Adresse email"),
        ("Garage;;;Paul;;;email;;", "Adresse email"),
        ("Garage;;;Paul;p@x.example;12;;;", "Numéro de téléphone"),
        ("Garage;;;Paul;p@x.example;0612345678;sms;;", "Aucun fournisseur de SMS"),
        ("Garage;;;;;;pigeon;;", "pigeon"),
        ("Garage;;;;;;;personne@x.example;", "personne@x.example"),
        ("Garage;;;;;;;;Alchimie", "Alchimie"),
        ("Garage;;;;;;;;;de trop", "guillemets"),
        ("Garage;" + "9" * 31 + ";;;;;;;", "Code cabinet"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_and_it_is_left_out(cabinet: Firm, line: str, said: str) -> None:
    roster = uploaded(cabinet, line, "Bonne ligne;;;;;;;;")
    wrong = lines(cabinet, roster)[0]
    assert (wrong.verdict, wrong.outcome) == (Verdict.WRONG, Outcome.LEFT)
    assert said in " ".join(wrong.remarks)
    done = made(cabinet, roster)
    assert (done.state, done.count_made, done.count_wrong) == (RosterState.DONE, 1, 1)


def test_same_lines_names_and_codes_are_told_apart(cabinet: Firm) -> None:
    cabinet.open("Boulangerie")
    roster = uploaded(
        cabinet, "BOULANGERIE;1;;;;;;;", "Garage;2;;;;;;;", "garage;3;;;;;;;", "Garage;2;;;;;;;", "Fleurs;2;;;;;;;"
    )
    verdicts = [line.verdict for line in lines(cabinet, roster)]
    assert verdicts == ["warned", "ready", "warned", "wrong", "warned"]
    assert made(cabinet, roster).count_made == 4


def test_of_files_that_the_asker_does_not_reach_nothing_is_said(cabinet: Firm) -> None:
    cabinet.open("Boulangerie")
    roster = uploaded(cabinet, "Boulangerie;;;;;;;;", by="hugo")
    assert lines(cabinet, roster)[0].verdict == Verdict.READY


def test_whether_an_address_is_in_use_is_never_said(cabinet: Firm) -> None:
    cabinet.open("Boulangerie", invitee=None)
    with cabinet.scope():
        Member.objects.update(email="paul@x.example")
    roster = uploaded(cabinet, "Garage;;;Paul;paul@x.example;;email;;")
    assert lines(cabinet, roster)[0].remarks == []


def test_two_files_of_one_name_are_two(cabinet: Firm) -> None:
    assert made(cabinet, uploaded(cabinet, "Garage;1;;;;;;;", "Garage;2;;;;;;;")).count_made == 2
    with cabinet.scope():
        assert ClientFile.objects.count() == 2


def test_confirming_and_working_twice_makes_each_line_once(cabinet: Firm) -> None:
    roster = uploaded(cabinet, "Garage;;;;;;;;", "Fleurs;;;;;;;;")
    made(cabinet, roster)
    again = made(cabinet, roster)
    with cabinet.scope():
        assert ClientFile.objects.count() == again.count_made == 2


def test_a_line_that_fails_takes_no_other_with_it(cabinet: Firm) -> None:
    lea = cabinet.people["lea"]
    roster = uploaded(cabinet, "Garage;;;;;;;;", f"Fleurs;;;;;;;{lea.email};", "Café;;;;;;;;")
    with cabinet.scope():
        Colleague.objects.filter(id=lea.id).update(status=ColleagueStatus.SUSPENDED)
    done = made(cabinet, roster)
    assert (done.count_made, done.count_failed) == (2, 1)
    assert [line.outcome for line in lines(cabinet, roster)] == ["made", "failed", "made"]


def test_whoever_lost_the_right_meanwhile_makes_nothing_more(cabinet: Firm) -> None:
    roster = uploaded(cabinet, "Garage;;;;;;;;", by="hugo")
    with cabinet.scope():
        services.confirm(roster, actor=cabinet.actor("hugo"))
        Colleague.objects.filter(id=cabinet.people["hugo"].id).update(can_add_clients=False)
        making.make(roster.id)
        assert Roster.objects.get().state == RosterState.STOPPED
        assert not ClientFile.objects.exists()


def test_a_list_belongs_to_whoever_uploaded_it_and_to_administrators(cabinet: Firm) -> None:
    roster = uploaded(cabinet, "Garage;;;;;;;;")
    with cabinet.scope(), pytest.raises(NotThereError):
        services.roster_of(roster.id, kind=RosterKind.CLIENTS, actor=cabinet.actor("hugo"))
    other = firm("claire", called="Voisin")
    with other.scope(), pytest.raises(NotThereError):
        services.roster_of(roster.id, kind=RosterKind.CLIENTS, actor=other.actor())


def test_a_list_without_a_good_line_is_not_confirmed(cabinet: Firm) -> None:
    roster = uploaded(cabinet, ";B1;;;;;;;")
    with cabinet.scope(), pytest.raises(ConflictError):
        services.confirm(roster, actor=cabinet.actor())


def test_headings_are_wanted_in_any_order_and_language(cabinet: Firm) -> None:
    roster = uploaded(cabinet, "B1,Garage,x", head="PRACTICE CODE,company name,Couleur")
    assert (lines(cabinet, roster)[0].cells, roster.ignored) == ({"name": "Garage", "practice_code": "B1"}, ["Couleur"])
    with pytest.raises(InvalidError, match="Nom de l'entreprise"):
        uploaded(cabinet, "Garage", head="Couleur")


@pytest.mark.parametrize("kind", RosterKind)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_template_is_a_list_without_an_error(cabinet: Firm, kind: RosterKind, language: str) -> None:
    with translation.override(language):
        head, line = (";".join(row) for row in template_rows(kind))
    assert [one.remarks for one in lines(cabinet, uploaded(cabinet, line, head=head, kind=kind))] == [[]]


def test_colleagues_come_with_and_without_an_invitation(cabinet: Firm) -> None:
    known = cabinet.people["lea"].email
    roster = uploaded(
        cabinet,
        "Zoé Roux;zoe@x.example;Administrateur cabinet;;oui",
        "Yves Noir;yves@x.example;;oui;",
        "Zoé Roux;ZOE@x.example;;;",
        f"Léa;{known};;;",
        "Max;max@x.example;Pape;;",
        kind=RosterKind.COLLEAGUES,
        head="Nom;Adresse email;Rôle;Peut ajouter des clients;Inviter",
    )
    assert [line.verdict for line in lines(cabinet, roster)] == ["ready", "ready", "wrong", "wrong", "wrong"]
    assert made(cabinet, roster).count_made == 2
    with cabinet.scope():
        zoe, yves = Colleague.objects.get(email="zoe@x.example"), Colleague.objects.get(email="yves@x.example")
        assert (zoe.is_administrator, yves.is_administrator, yves.can_add_clients) == (True, False, True)
        assert list(Invitation.objects.values_list("colleague_id", flat=True)) == [zoe.id]


def test_many_lines_cost_few_queries(cabinet: Firm) -> None:
    few = uploaded(cabinet, *(f"Un {n};;;;;;;;" for n in range(2)))
    many = uploaded(cabinet, *(f"Deux {n};;;;;;;;" for n in range(50)))
    counts = []
    for roster in (few, many):
        with cabinet.scope():
            services.confirm(roster, actor=cabinet.actor())
            with asked() as statements:
                making.make(roster.id)
        counts.append(len(statements))
    # A statement of SQLite takes a bounded number of values, so that many lines are a few more statements.
    assert counts[0] <= 45
    assert counts[1] <= 100


def test_a_list_goes_after_its_month_and_its_files_stay(cabinet: Firm) -> None:
    roster = uploaded(cabinet, "Garage;;;;;;;;")
    made(cabinet, roster)
    with cabinet.scope():
        services.drop(roster.id)
        assert not RosterLine.objects.exists()
        assert ClientFile.objects.count() == 1


def test_a_list_may_be_thrown_away_until_it_is_confirmed(cabinet: Firm) -> None:
    kept, thrown = uploaded(cabinet, "Garage;;;;;;;;"), uploaded(cabinet, "Fleurs;;;;;;;;")
    made(cabinet, kept)
    with cabinet.scope():
        services.discard(thrown)
        with pytest.raises(ConflictError):
            services.discard(kept)
        assert list(Roster.objects.values_list("id", flat=True)) == [kept.id]
