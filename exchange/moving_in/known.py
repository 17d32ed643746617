"""What rows of another system refer to, looked up once for many of them."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from accounts.models import StaffPost
from agencies.models import Agency, Desk
from dossiers.filing.agencies import intake_places
from dossiers.lifecycle import routing
from dossiers.models import Dossier
from procedures.models import Edition
from procedures.routes.planning import KnownRoutes, known_routes
from vietnam.codes import PROCEDURE_CODE


class Known:
    """Lives as long as one pass over a batch, so that a long one sees what changes between its chunks."""

    def __init__(self) -> None:
        self._editions: dict[str, Edition] = {}
        self._routes_in_force = KnownRoutes([])
        self._routes: dict[tuple[Any, ...], list[dict[str, Any]]] = {}

    def load_editions(self, codes: Iterable[str]) -> None:
        """Look the published editions of these procedures up, for `edition` to find."""
        roots = {read["root"] for code in codes if (read := PROCEDURE_CODE.match(code))}
        published = Edition.objects.filter(status=Edition.Status.PUBLISHED, procedure__code__in=roots)
        found = published.select_related("procedure", "field").prefetch_related("documents", "terms")
        self._editions |= {each.procedure.code: each for each in found}
        self._routes_in_force = known_routes(self._editions.values())

    @cached_property
    def _agencies(self) -> dict[str, Agency]:
        present = list(Agency.objects.filter(valid_to=None).select_related("calendar", "territory"))
        keys: dict[str, list[Agency]] = {}
        for agency in present:
            keys.setdefault(agency.key, []).append(agency)
        alone = {key: found[0] for key, found in keys.items() if len(found) == 1}
        return alone | {agency.code: agency for agency in present}

    @cached_property
    def _posts(self) -> dict[tuple[str, int], int]:
        held = StaffPost.objects.filter(valid_to=None).values_list("account__username", "agency", "pk")
        return {(username, agency): pk for username, agency, pk in held}

    def edition(self, code: str) -> Edition | None:
        """The published edition of a procedure, its code with or without a place."""
        read = PROCEDURE_CODE.match(code)
        return self._editions.get(read["root"]) if read else None

    def agency(self, code: str) -> Agency | None:
        """By its code, or by its key where only one has it; none that no one-stop shop takes in for."""
        found = self._agencies.get(code)
        return found if found is not None and found.pk in self._centres else None

    def centre(self, settling: Agency) -> tuple[Agency, Desk | None]:
        """Who takes in for an agency, with its first open desk."""
        return self._centres[settling.pk]

    @cached_property
    def _centres(self) -> dict[int, tuple[Agency, Desk | None]]:
        return intake_places({agency.pk: agency for agency in self._agencies.values()}.values())

    def post(self, username: str, agency: Agency) -> int | None:
        return self._posts.get((username, agency.pk))

    def route(self, dossier: Dossier) -> list[dict[str, Any]]:
        """The route of a dossier that is not written yet."""
        alike = (dossier.edition_id, dossier.case, dossier.channel, dossier.settling_agency_id, dossier.limit_amount,
                 dossier.limit_unit)  # fmt: skip
        if alike not in self._routes:
            self._routes[alike] = routing.plan_route(dossier, self._routes_in_force)
        return self._routes[alike]
