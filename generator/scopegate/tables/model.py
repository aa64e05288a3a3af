"""What a published authorization table says, row by row, as printed.

The form of a table file is said here and nowhere else: `Table` is what a file is read into, and the
JSON Schema for editors is made of it. Every description completes "expected …".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, Final, TypeAlias

from pydantic import ConfigDict, Field, StrictInt

from scopegate.cells.actions import ACTION_PATTERN
from scopegate.cells.endpoints import LITERAL, METHODS
from scopegate.cells.text import TEXT, UNSEEN
from scopegate.forms import FORM, GIVEN, Matches, OneOf
from scopegate.tables.forms import FileForm
from scopegate.tables.names import NAME, TableName

Name: TypeAlias = Annotated[
    str,
    Matches(
        NAME.pattern,
        "a name of lower-case letters, digits and single hyphens that starts with a letter",
    ),
]
Text: TypeAlias = Annotated[
    str,
    Matches(
        TEXT.pattern, "text of one line, without blanks at its ends, control or unseen characters"
    ),
]
Sentence: TypeAlias = Annotated[
    str,
    Matches(
        f"(?:{TEXT.pattern})?",
        "text of one line, without blanks at its ends, control or unseen characters",
    ),
]
_FILE: Final = rf"(?!\.)[^/\\{UNSEEN}]+"
FileName: TypeAlias = Annotated[
    str,
    Matches(
        rf"{_FILE}(?:/{_FILE})*",
        'the name of a file, with the folders that it is in, as in "api-ref/tags.rst"',
    ),
]
Language: TypeAlias = Annotated[
    str, OneOf(("zh", "en"), "the language of the page's headers: zh or en")
]
REASON: Final = r"[a-z]+(?:[_-][a-z]+)*"
"""A word that says why no route comes of a row, as an expression."""

Sha256: TypeAlias = Annotated[
    str, Matches(r"[0-9a-f]{64}", "the SHA-256 of the page: 64 hexadecimal digits in lower case")
]
Action: TypeAlias = Annotated[
    str,
    Matches(
        ACTION_PATTERN.pattern,
        'an action: two or more segments of letters, digits, _, - and * joined by ":", as in '
        '"evs:snapshots:create"',
    ),
]
LiteralSegment: TypeAlias = Annotated[
    str, Matches(LITERAL.pattern, 'a literal segment of a path, as in "v2"')
]
Key: TypeAlias = Annotated[
    str, Matches(r"[A-Za-z0-9_.:-]+", "the name of a member: letters, digits, _, ., : and -")
]
Actions: TypeAlias = Annotated[
    tuple[Action, ...],
    Field(
        description="a list of actions, all required, none twice",
        json_schema_extra={"uniqueItems": True},
    ),
]


class Support(StrEnum):
    """Whether a grant made in a scope counts for a row."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    UNDOCUMENTED = "undocumented"


Supports: TypeAlias = Annotated[
    Support, Field(description="supported, unsupported or undocumented")
]


@dataclass(frozen=True, slots=True)
class Scopes:
    """The scopes in which a grant can be made."""

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    iam_project: Supports
    enterprise_project: Supports


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method in capitals and a path template: `POST`, `/v2/{project_id}/snapshots`.

    `query` is what the page prints after it, without a `?`. Of an unresolved row `path` is what the
    page prints, whatever that is.
    """

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    method: Annotated[
        str, OneOf(METHODS, "a method in capitals: DELETE, GET, HEAD, OPTIONS, PATCH, POST or PUT")
    ]
    path: Annotated[
        str, Matches(r"/[!-~]*", 'a path: "/", and printable characters of ASCII without blanks')
    ]
    query: Annotated[Text | None, GIVEN] = None


@dataclass(frozen=True, slots=True)
class Case:
    """What of a request tells that a row, or an alternative of it, is meant.

    One of `body` and `query` is the name of a member of the body, or of the query. Its value is
    `equals`; without that, a member of the body may have any.
    """

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    body: Annotated[Key | None, GIVEN] = None
    query: Annotated[Key | None, GIVEN] = None
    equals: Annotated[
        Annotated[str, Matches(r"[!-~]+", "a value: printable characters of ASCII without blanks")]
        | None,
        GIVEN,
    ] = None

    def __str__(self) -> str:
        """Spell the case as a decision does: `body.os-extend`, `query.type=agency`."""
        place = f"query.{self.query}" if self.body is None else f"body.{self.body}"
        return place if self.equals is None else f"{place}={self.equals}"


Cases: TypeAlias = Annotated[
    tuple[
        Annotated[
            Case, Field(description="what tells requests apart: body or query, with equals or not")
        ],
        ...,
    ],
    Field(description="a list of cases, none twice", json_schema_extra={"uniqueItems": True}),
]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of the ways in which a route is used, under the page's own label: what that requires.

    All of its `actions` and `dependencies` are required, beside those of the row. `cases` tell
    which requests use it; without any, nothing does.
    """

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    label: Text
    actions: Actions = ()
    dependencies: Actions = ()
    cases: Cases = ()


RowScopes: TypeAlias = Annotated[
    Scopes,
    Field(description="the scopes in which a grant counts: iam_project, enterprise_project"),
]
Roles: TypeAlias = Annotated[tuple[Text, ...], Field(description="a list of names of system roles")]
Alternatives: TypeAlias = Annotated[
    tuple[
        Annotated[
            Alternative,
            Field(description="an alternative: label, actions, dependencies, cases"),
        ],
        ...,
    ],
    Field(description="a list of alternatives"),
]
Endpoints: TypeAlias = Annotated[
    tuple[Annotated[Endpoint, Field(description="an endpoint: method, path, query")], ...],
    Field(
        description="a list of endpoints, at least one, none twice",
        json_schema_extra={"uniqueItems": True},
    ),
]
Notes: TypeAlias = Annotated[tuple[Text, ...], Field(description="a list of texts")]


@dataclass(frozen=True, slots=True)
class Row:
    """One body row of the published table; its number is its place among them, from 1.

    `permission` is the page's sentence for people, "" where it has none. All of `actions` and
    `dependencies` are required, and one of `alternatives` besides; a
    dependency can have wildcards (`vpc:*:get*`). `roles` are system roles that the page names
    beside actions. Where nothing at all is required, `no_authorization` is the page's wording for
    it. `cases` tell which requests of its routes the row is for; without any, all are. Of a row
    that is `unresolved`, which says why, comes no route. `notes` is what the cells say besides.
    """

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    permission: Sentence
    scopes: RowScopes
    actions: Actions = ()
    dependencies: Actions = ()
    roles: Roles = ()
    alternatives: Alternatives = ()
    no_authorization: Annotated[Text | None, GIVEN] = None
    cases: Cases = ()
    endpoints: Endpoints = ()
    unresolved: Annotated[
        Annotated[
            str,
            Matches(
                REASON,
                "why no route comes of the row, in a word of docs/importing.md",
            ),
        ]
        | None,
        GIVEN,
    ] = None
    notes: Notes = ()

    @property
    def needed(self) -> tuple[str, ...]:
        """What is required in any case, the row's own actions first."""
        return tuple(dict.fromkeys((*self.actions, *self.dependencies)))

    @property
    def all_actions(self) -> tuple[str, ...]:
        """What is required in any case, or by any of the alternatives."""
        ways = (
            action for each in self.alternatives for action in (*each.actions, *each.dependencies)
        )
        return tuple(dict.fromkeys((*self.needed, *ways)))


@dataclass(frozen=True, slots=True)
class Mirror:
    """The page's statement that its rows hold for another version of the API too.

    A path with the literal segment `from_segment` (`v2`) is also documented with `to_segment`
    (`v3`) in its place. `statement` is the page's own sentence.
    """

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    from_segment: Annotated[LiteralSegment, Field(alias="from")]
    to_segment: Annotated[LiteralSegment, Field(alias="to")]
    statement: Text


@dataclass(frozen=True, slots=True)
class Document:
    """The page that a table was read from, as `tables/sources.yaml` has it.

    `name` is its file with the folders in its repository, `sha256` the hash of its bytes in
    hexadecimal, `language` that of its headers (`zh`, `en`), and `table` the number of the table
    among all of the page, from 1.
    """

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    name: FileName
    sha256: Sha256
    language: Language
    table: Annotated[
        StrictInt, Field(description="the number of the table among all of the page, from 1", ge=1)
    ]


@dataclass(frozen=True, slots=True)
class Table:
    """A published table. `table` is its service and its own name: `evs/snapshots`."""

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    provider: Name
    service: Name
    table: Annotated[
        str,
        Matches(
            f"{NAME.pattern}/{NAME.pattern}",
            'the service and the table\'s own name, as in "evs/snapshots"',
        ),
    ]
    document: Annotated[
        Document,
        Field(description="the page the table was read from: name, sha256, language, table"),
    ]
    rows: Annotated[
        tuple[
            Annotated[
                Row,
                Field(
                    description="one body row: permission, actions, scopes, endpoints, and what"
                    " else the page says"
                ),
            ],
            ...,
        ],
        Field(
            description="a list of the table's body rows, in the page's order, at least one",
            min_length=1,
        ),
    ]
    mirrors: Annotated[
        tuple[
            Annotated[
                Mirror,
                Field(
                    description="one statement of the page that its rows hold for another version:"
                    " from, to, statement"
                ),
            ],
            ...,
        ],
        Field(
            description="a list of the versions that the page says its rows hold for too; left out"
            " when there is none",
            min_length=1,
        ),
    ] = ()

    @property
    def name(self) -> TableName:
        """Its name, which tells where its file stands."""
        return TableName(self.provider, *self.table.split("/"))


TABLE_FORM: Final = FileForm(
    Table,
    "Authorization table",
    "a published authorization table: provider, service, table, document, mirrors, rows",
)
