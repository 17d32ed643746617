"""Internal routes: which steps a dossier goes through, who does them and within what time.

A route is data here and motion in the app of dossiers. `route_for` answers with planned steps; `frozen` gives the
plain list that a dossier keeps from its receipt on, so that a later version never touches it. Keys of a frozen step:

- ``key``: unique within the route, e.g. ``verify-2``;
- ``name``, ``name_en``, ``role``: role of accounts.StaffPost;
- ``minutes``: working minutes of the whole step, null while the procedure's limit is unknown. They contain the
  longest of the opinions, on top of the step's own work;
- ``act``: which step of the life-cycle table it carries (receive assign verify submit approve issue return), only
  where that is not its key;
- ``agency_key``: the step is done at another agency than the settling one (or, for role counter, the receiving one);
- ``product``: what the step leaves behind, in words; ``note``: what is done, in the deciding document's words;
- ``back_to``: keys of earlier steps to which it may be sent back; without it, the step before;
- ``opinions``: ``[{"agency_key", "role", "minutes", "question"}]``, asked side by side when the step begins, all
  ended or closed before the next step. An empty ``agency_key``: whoever holds the step names the body when asking;
- ``opens``: ``{"procedure", "agency_key", "wait"}``, a dossier of another procedure that the step opens; an empty
  ``agency_key``: who settles it there; ``wait``: the step ends only when that dossier is done.

All but the first five are left out where there is nothing to say.
"""

from procedures.routes.planning import PlannedOpinion, PlannedStep, frozen_steps, plan_steps, route_for, working_minutes

__all__ = ["PlannedOpinion", "PlannedStep", "frozen_steps", "plan_steps", "route_for", "working_minutes"]
