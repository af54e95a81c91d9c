"""Stories out of pairs: which documents belong together, and which of them stands for the rest.

**Observed.** A merged wire or a round-up holds the words of several stories; closing all links transitively then
joins stories that have nothing in common. **Rule.** Links that hold both ways join. A document that holds another
(a full story and its cut copy) joins it too, unless it also holds a document of another story: then it is a
*composite* and its holding links stay edges; and so it does if it has near copies none of which knows the part. The
rule looks at the set of pairs only, so the order of arrival cannot matter.

Policy for the canonical member: the wire's own document first, then the earliest, then the most complete, then the
smallest id. The cluster is named after its smallest id, which does not depend on arrival either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tasks.records import ClusterMember, DuplicatePair, Relation

_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What the policy looks at."""

    id: str
    is_wire: bool
    published_at: datetime | None
    word_count: int
    outlet: str | None = None


def clusters(documents: Iterable[Standing], pairs: Iterable[DuplicatePair]) -> list[ClusterMember]:
    """The story of every document, sorted by id. A document without pairs is a story of one."""
    known = {document.id: document for document in documents}
    links = [pair for pair in pairs if pair.id_a in known and pair.id_b in known]
    root = _joined(known, links)
    groups: dict[str, list[str]] = {}
    for name in sorted(known):
        groups.setdefault(root[name], []).append(name)
    members = []
    for names in groups.values():
        chosen, reason = canonical([known[name] for name in names])
        members += [
            ClusterMember(
                id=name,
                cluster_id=names[0],
                is_canonical=name == chosen,
                canonical_reason=reason if name == chosen else None,
            )
            for name in names
        ]
    return sorted(members, key=lambda member: member.id)


def canonical(group: list[Standing]) -> tuple[str, str]:
    """The id that stands for a group, and why it was chosen."""
    if len(group) == 1:
        return group[0].id, "only member"
    best = min(group, key=_preference)
    rest = [other for other in group if other is not best]
    if best.is_wire and not all(other.is_wire for other in rest):
        return best.id, "wire origin"
    rivals = [other for other in rest if other.is_wire == best.is_wire]
    if best.published_at and all(_time(other) > _time(best) for other in rivals):
        return best.id, f"earliest, published {best.published_at:%Y-%m-%d %H:%M} UTC"
    rivals = [other for other in rivals if _time(other) == _time(best)]
    if all(other.word_count < best.word_count for other in rivals):
        return best.id, f"most complete, {best.word_count} words"
    return best.id, "smallest id among equals"


def _preference(one: Standing) -> tuple[bool, datetime, int, str]:
    return not one.is_wire, _time(one), -one.word_count, one.id


def _time(one: Standing) -> datetime:
    return one.published_at or _FOREVER


def _joined(known: Mapping[str, Standing], pairs: list[DuplicatePair]) -> dict[str, str]:
    parent = {name: name for name in known}
    held: dict[str, set[str]] = {}
    near: dict[str, set[str]] = {}
    for pair in pairs:
        if pair.relation is Relation.CONTAINS:
            held.setdefault(pair.id_a, set()).add(pair.id_b)
            continue
        _join(parent, pair.id_a, pair.id_b)
        near.setdefault(pair.id_a, set()).add(pair.id_b)
        near.setdefault(pair.id_b, set()).add(pair.id_a)
    linked = {frozenset((pair.id_a, pair.id_b)) for pair in pairs}
    whole = [
        (name, part)
        for name, parts in held.items()
        if not _is_composite(parts, parent, linked)
        for part in parts
        if _is_vouched(part, near.get(name, set()), linked)
    ]
    for name, part in whole:
        _join(parent, name, part)
    return {name: _root(parent, name) for name in known}


def _is_vouched(part: str, near: set[str], linked: set[frozenset[str]]) -> bool:
    """Whether a held document is known to some near copy of its holder, if there is one; else the holder adds it."""
    return not near or any(frozenset((copy, part)) in linked for copy in near)


def _is_composite(parts: set[str], parent: dict[str, str], linked: set[frozenset[str]]) -> bool:
    """Whether a document holds documents of different stories: some two that neither joined nor link."""
    stories: dict[str, str] = {}
    for part in parts:
        stories.setdefault(_root(parent, part), part)
    firsts = sorted(stories.values())
    return any(
        frozenset((one, other)) not in linked for place, one in enumerate(firsts) for other in firsts[place + 1 :]
    )


def _root(parent: dict[str, str], name: str) -> str:
    while parent[name] != name:
        parent[name] = parent[parent[name]]
        name = parent[name]
    return name


def _join(parent: dict[str, str], one: str, other: str) -> None:
    low, high = sorted((_root(parent, one), _root(parent, other)))
    parent[high] = low
