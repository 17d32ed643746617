"""One dossier's life, act by act, at believable times."""

from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.calendars import calendar_of
from agencies.models import Agency
from demo.filing_here import filing_here
from demo.results import signed_copy
from demo.simulation.cast import Cast
from dossiers.custody import folders
from dossiers.filing import complete, eligibility, intake
from dossiers.lifecycle import Refused, execute_transition, linked
from dossiers.models import Dossier, State
from payments import charges, settlement
from procedures.models import Edition
from procedures.public.presentation import fileable_online
from vietnam import working_time

Role = StaffPost.Role
_REASONS = (
    "Bản chụp mờ, không đọc được số giấy tờ",
    "Thiếu chữ ký của người khai",
    "Thông tin trong tờ khai chưa khớp với giấy tờ kèm theo",
    "Giấy tờ đã hết giá trị sử dụng",
)


class Over(Exception):
    """The present was reached; the rest of the story lies in the future."""


class Story:
    def __init__(
        self, cast: Cast, edition: Edition, agency: Agency, random: Random, *, until: datetime, key: str
    ) -> None:
        self.cast, self.edition, self.agency, self.random = cast, edition, agency, random
        self.until, self.key = until, key
        self.calendar = calendar_of(agency)
        # A few agencies' days are worse than others': how fast this dossier is worked.
        self.pace = random.choices([0.35, 0.7, 0.95, 1.6], [35, 40, 18, 7])[0]

    def tell(self, at: datetime, *, online: bool) -> None:
        open_online = fileable_online(self.edition) and eligibility.may_own(self.edition, self.cast.people[0])
        with suppress(Over, Refused):
            self._file_online(at) if online and open_online else self._at_counter(at)

    # -- filing ---------------------------------------------------------------------------------------------

    def _file_online(self, at: datetime) -> None:
        person = self.random.choice(self.cast.people)
        citizen = Actor(account=person.account, channel="web")
        method = self.random.choice(["counter", "counter", "download", "post"])
        draft = complete.draft_whole(
            self.edition,
            person,
            at=at - timedelta(minutes=20),
            case=self._case(),
            content=self.edition.title,
            territory=self.agency.territory,
            files=[(paper, []) for paper in self.edition.documents.all() if paper.required and not paper.show_only],
            method=method,
            phone=person.phone,
            email=person.email,
            address=person.address,
            return_address=person.address if method == "post" else "",
        )
        with filing_here():
            self._act(draft, "send", citizen, at)
        clerk = self._counter_of(draft.receiving_agency_id)
        if clerk is None or self.random.random() < 0.02:
            return  # nobody answered: the page of unanswered filings needs some
        at = self._later(at, 20, 420)
        luck = self.random.random()
        if luck < 0.04:
            self._act(draft, "refuse", clerk, at, reason=self.random.choice(_REASONS))
        elif luck < 0.14:
            self._act(draft, "ask_completion", clerk, at, items=self._items(), reason=self.random.choice(_REASONS))
            at = self._later(at, 300, 3000)
            self._act(draft, "answer_supplement", citizen, at, answer="Tôi gửi giấy tờ bổ sung.")
            self._receive(draft, "accept", clerk, self._later(at, 20, 300), lacking_ground="at_return")
        else:
            self._receive(draft, "accept", clerk, at, lacking_ground="at_return")

    def _at_counter(self, at: datetime) -> None:
        clerk = self.random.choice(self.cast.counters)
        owner: Any = self.random.choice(self.cast.people)
        of_body = self.cast.enterprises and eligibility.may_own(self.edition, self.cast.enterprises[0])
        if of_body and (not eligibility.may_own(self.edition, owner) or self.random.random() < 0.7):
            owner = self.random.choice(self.cast.enterprises)
        filer = owner if not hasattr(owner, "tax_number") else self._representative(owner)
        dossier = intake.take_in(
            self.edition,
            by=clerk,
            filer=filer,
            owner=owner,
            ticked=[
                intake.Ticked(document=d, originals=d.originals, copies=d.copies)
                for d in self.edition.documents.all()
                if d.required and not d.show_only
            ],
            territory=self.agency.territory,
            key=self.key,
            at=at,
            case=self._case(),
            content=self.edition.title,
            ground="self" if filer is owner else "representative",
        )
        self._receive(dossier, "receive", clerk, at)

    def _carry(self, dossier: Dossier, kind: str, to: Actor | None, at: datetime) -> None:
        """The paper follows, now and then too late or never."""
        folder = dossier.folders.filter(kind=kind, wanted_at__isnull=False).first()
        if folder is None or to is None or to.post is None or self.random.random() < 0.02:
            return
        at = self._later(at, 30, 500)
        if at <= self.until:
            folders.move_folders(folder, folders.location_of(to.post), by=to.label, at=at, how=folders.How.SCANNED)

    def _receive(self, dossier: Dossier, action: str, clerk: Actor, at: datetime, **inputs: str) -> None:
        try:
            self._act(dossier, action, clerk, at, **inputs)
        except Refused as refusal:
            if refusal.code != "limit_unknown":
                raise
            self._act(dossier, action, clerk, at, limit_days="10", **inputs)
        self._carry(dossier, "papers", self._post(Role.CLERK) or self._post(Role.OFFICER), at)
        self._settle(dossier, at)

    # -- settlement -----------------------------------------------------------------------------------------

    def _settle(self, dossier: Dossier, at: datetime) -> None:
        head, officer = self._post(Role.UNIT_HEAD) or self._post(Role.LEADER), self._post(Role.OFFICER)
        leader = self._post(Role.LEADER)
        if not (head and officer and leader):
            return
        troubled = self.random.random() < 0.08
        while dossier.state == State.PROCESSING and dossier.step is not None:
            step = dossier.step
            at = self._later(at, int(step.minutes * self.pace * 0.6), max(int(step.minutes * self.pace), 2))
            if step.carries == "assign":
                self._act(dossier, "assign", head, at, officer=officer.post)
            elif step.carries == "verify":
                if step.holder_id is None:
                    self._act(dossier, "take", officer, at)
                if troubled:
                    troubled = False
                    at = self._supplement(dossier, officer, at)
                    continue
                if self.random.random() < 0.04 and dossier.due_at and at < dossier.due_at:
                    self._act(
                        dossier, "extend", leader, at, amount="3", longer=True, reason="Phải xác minh thêm tại thực địa"
                    )
                at = self._others(dossier, at)
                self._act(dossier, "attach_result", officer, at, name=self._result_name(), text="Đủ điều kiện.")
                self._act(dossier, "verify", officer, at)
            elif step.carries == "submit":
                self._act(dossier, "submit", head, at)
            elif step.carries == "approve":
                self._act(dossier, "reject" if self.random.random() < 0.03 else "approve", leader, at, **self._why())
            elif step.carries == "issue":
                clerk = self._post(Role.CLERK) or officer
                signed = {
                    "number": f"{dossier.pk}/QĐ",
                    "issued_on": timezone.localdate(at),
                    "signer": leader.label[:150],
                }
                self._act(dossier, "issue", clerk, at, file=signed_copy(dossier, clerk), **signed)
        if dossier.state == State.DONE:
            self._return(dossier, at)

    def _others(self, dossier: Dossier, at: datetime) -> datetime:
        """What this dossier's route opened is settled by its own agencies; when all of it is, if it ever is."""
        opened = linked.opened_dossiers(dossier)
        for other in opened:
            if other.state == State.PROCESSING and other.settling_agency is not None:
                story = Story(
                    self.cast, other.edition, other.settling_agency, self.random, until=self.until, key=self.key
                )
                with suppress(Over, Refused):
                    story._settle(other, at)
        waits = any(step["key"] == dossier.step.key and step.get("opens", {}).get("wait") for step in dossier.route)
        if waits and any(other.finished_at is None for other in opened):
            raise Over
        return max([at, *(other.finished_at for other in opened if other.finished_at)])

    def _why(self) -> dict[str, str]:
        return {"reason": "Đủ điều kiện theo quy định"}

    def _supplement(self, dossier: Dossier, officer: Actor, at: datetime) -> datetime:
        self._act(dossier, "ask_supplement", officer, at, items=self._items(), reason=self.random.choice(_REASONS))
        at = self._later(at, 400, 4000)
        clerk = self._counter_of(dossier.receiving_agency_id)
        if clerk is None:
            raise Over
        self._act(dossier, "answer_supplement", clerk, at, answer="Người nộp mang giấy tờ đến quầy.")
        return at

    def _return(self, dossier: Dossier, at: datetime) -> None:
        clerk = self._counter_of(dossier.receiving_agency_id)
        if clerk is None or self.random.random() < 0.06:
            return  # never fetched
        self._carry(dossier, "result", clerk, at)
        at = self._later(at, 60, 1500)
        try:
            self._act(dossier, "return_result", clerk, at)
        except Refused as refusal:
            if refusal.code != "fee_open":
                raise
            self._pay(dossier, clerk, at)
            self._act(dossier, "return_result", clerk, at)

    def _pay(self, dossier: Dossier, clerk: Actor, at: datetime) -> None:
        for charge in charges.open_charges(dossier.reference):
            settlement.take_cash(charge, by=clerk.label, cashier=clerk.account_id, at=at)
        dossier.refresh_from_db()

    # -- small things ---------------------------------------------------------------------------------------

    def _act(self, dossier: Dossier, action: str, by: Actor, at: datetime, **facts: Any) -> None:
        if at > self.until:
            raise Over
        try:
            execute_transition(dossier, action, by, at=at, **facts)
        except Refused as refusal:
            self.cast.told.refused[action, refusal.code] += 1
            raise

    def _later(self, at: datetime, least: int, most: int) -> datetime:
        """Some working minutes after `at`."""
        least, most = max(least, 1), max(most, least + 1, 2)
        try:
            return working_time.add_minutes(self.calendar, at, self.random.randint(least, most))
        except working_time.OutsideCalendar:
            raise Over from None

    def _post(self, role: str) -> Actor | None:
        found = self.cast.posts.get((self.agency.pk, role))
        return self.random.choice(found) if found else None

    def _counter_of(self, agency_id: int | None) -> Actor | None:
        found = self.cast.posts.get((agency_id or 0, Role.COUNTER))
        return self.random.choice(found) if found else None

    def _case(self) -> str:
        cases = self.edition.facts.get("cases") or []
        return self.random.choice(cases)["key"] if cases else ""

    def _representative(self, enterprise: Any) -> Any:
        links = list(enterprise.representation_set.all())
        return links[0].person if links else self.random.choice(self.cast.people)

    def _items(self) -> list[dict[str, str]]:
        papers = [d.name for d in self.edition.documents.all()] or ["Tờ khai"]
        return [{"name": self.random.choice(papers)}]

    def _result_name(self) -> str:
        results = self.edition.facts.get("results") or []
        return results[0]["name"] if results else "Văn bản trả lời"
