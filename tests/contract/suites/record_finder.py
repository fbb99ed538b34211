"""What every RecordFinder promises."""

from __future__ import annotations

from syncline.domain.values.ids import LinkKey
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Verb
from tests.contract.rigs.rig import CrmRig, operation


class RecordFinderContract:
    """Inherited by each implementation; `rig` is an org without records."""

    #: What the implementation under test handles.
    kinds: tuple[Kind, ...] = (Kind.EVENT, Kind.CONTACT)

    def found(
        self, rig: CrmRig, kind: Kind, *, keys: tuple[str, ...] = (), emails: str = ""
    ) -> list[str]:
        records = rig.finder.find(kind, [LinkKey(k) for k in keys], emails.split())
        return sorted(record.id for record in records)

    def test_a_record_is_found_by_its_key(self, rig: CrmRig, kind: Kind) -> None:
        wanted = [
            operation(rig.side, Verb.CREATE, kind, name=f"N{n}", key=f"key-{n}")
            for n in range(3)
        ]
        outcomes = rig.writer.write(wanted)
        [record] = rig.finder.find(kind, [LinkKey("key-1")], [])
        assert (record.id, record.link_key) == (outcomes[1].id, "key-1")
        assert record.name == "N1"
        assert record.version == outcomes[1].version

    def test_contacts_are_found_by_address_whatever_its_case(self, rig: CrmRig) -> None:
        one = rig.add_contact("Hopper", "Grace.Hopper@acme.example")
        rig.add_contact("Lovelace", "ada@acme.example")
        found = self.found(rig, Kind.CONTACT, emails="grace.hopper@acme.example")
        assert found == [one]

    def test_a_colleagues_contact_is_found_too(self, rig: CrmRig) -> None:
        theirs = rig.add_contact("Hopper", "grace@acme.example", is_colleagues=True)
        assert self.found(rig, Kind.CONTACT, emails="grace@acme.example") == [theirs]

    def test_all_records_of_one_address_are_found(self, rig: CrmRig) -> None:
        ids = [rig.add_contact(n, "desk@acme.example") for n in ("Hopper", "Lovelace")]
        assert self.found(rig, Kind.CONTACT, emails="desk@acme.example") == sorted(ids)

    def test_a_deleted_record_is_not_found(self, rig: CrmRig) -> None:
        record_id = rig.add_contact("Hopper", "grace@acme.example")
        rig.delete(Kind.CONTACT, record_id)
        assert self.found(rig, Kind.CONTACT, emails="grace@acme.example") == []

    def test_a_record_that_matches_twice_is_found_once(self, rig: CrmRig) -> None:
        wanted = operation(
            rig.side,
            Verb.CREATE,
            Kind.CONTACT,
            name="Hopper",
            key="key-1",
            Email="grace@acme.example",
        )
        [outcome] = rig.writer.write([wanted])
        found = self.found(
            rig, Kind.CONTACT, keys=("key-1",), emails="grace@acme.example"
        )
        assert found == [outcome.id]

    def test_addresses_with_quotes_and_wildcards_find_only_themselves(
        self, rig: CrmRig
    ) -> None:
        quoted = rig.add_contact("O'Hara", "o'hara_%@acme.example")
        rig.add_contact("Other", "o'hara-x@acme.example")
        found = self.found(rig, Kind.CONTACT, emails="o'hara_%@acme.example")
        assert found == [quoted]

    def test_many_keys_and_addresses_fit_into_one_question(self, rig: CrmRig) -> None:
        wanted = rig.add_contact("Hopper", "person150@acme.example")
        emails = " ".join(f"person{n}@acme.example" for n in range(300))
        keys = tuple(f"northwind-0123456789abcdef-{n}" for n in range(300))
        assert self.found(rig, Kind.CONTACT, keys=keys, emails=emails) == [wanted]

    def test_asking_for_nothing_finds_nothing(self, rig: CrmRig) -> None:
        rig.add_contact("Hopper", "grace@acme.example")
        assert self.found(rig, Kind.CONTACT) == []
