"""Profiles: which tables a bundle is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Final

from pydantic import ConfigDict, Field

from scopegate.errors import Fault, FaultsError, ScopegateError, quote_text
from scopegate.forms import FORM, GIVEN
from scopegate.tables.forms import FileForm, read_text, settle
from scopegate.tables.model import Name, Text
from scopegate.tables.store import read_tables

if TYPE_CHECKING:
    from pathlib import Path

    from scopegate.tables.model import Table


@dataclass(frozen=True, slots=True)
class Include:
    """All tables of a provider, or those of its `services` alone."""

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    provider: Name
    services: Annotated[
        Annotated[
            tuple[Name, ...], Field(description="a list of services, at least one", min_length=1)
        ]
        | None,
        GIVEN,
    ] = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a bundle is made of. `description` says for people what it is for."""

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    description: Text
    includes: Annotated[
        tuple[Annotated[Include, Field(description="what is included: provider, services")], ...],
        Field(description="a list of what is included, at least one", min_length=1),
    ]


PROFILE_FORM: Final = FileForm(
    Profile, "Profile", "what a bundle is made of: description, includes"
)


def read_profile(folder: Path, name: str) -> Profile:
    """Read the profile `name`, whose file is in `folder`.

    Raises ScopegateError where there is none, and `FaultsError` with what is wrong in it.
    """
    names = list_profiles(folder)
    if name not in names:
        listed = ", ".join(names) or "none"
        raise ScopegateError(f"{quote_text(name)} is no profile: {folder} has {listed}")
    path = folder / f"{name}.yaml"
    profile, _, faults = PROFILE_FORM.read_text(read_text(path), path)
    return settle(profile, faults)


def list_profiles(folder: Path) -> list[str]:
    """List the names of the profiles in `folder`, sorted."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def read_profile_tables(profile: Profile, tables: Path) -> tuple[Table, ...]:
    """Read the tables that a profile includes, sorted by path.

    No other is looked at, so a fault in one of another provider is none here. Raises `FaultsError`
    with everything that is wrong in any of them, and ScopegateError where a part has no table.
    """
    found: dict[tuple[str, str], Table] = {}
    faults: list[Fault] = []
    for include in profile.includes:
        folder = tables / include.provider
        for part in (
            [folder] if include.services is None else [folder / each for each in include.services]
        ):
            try:
                read = read_tables(part)
            except FaultsError as error:
                faults.extend(error.faults)
                continue
            if not read:
                raise ScopegateError(f"{part} has no table: nothing to build")
            found.update({(each.provider, each.table): each for each in read})
    if faults:
        raise FaultsError(faults)
    return tuple(found.values())
