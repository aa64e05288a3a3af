"""Paths that mean one thing to one server and another to the next.

What is wanted is behind what is granted: each path is made from a route that some caller may use,
one that the caller may not, and a way of spelling the second so that it looks like the first.
"""

from collections.abc import Iterator
from itertools import product

ROUTES = (
    "/v2/p1/snapshots/detail",
    "/v2/p1/snapshots/s1/metadata",
    "/v3/p1/cloudsnapshots/s1",
    "/v2/p2/snapshots/s1",
)

# In the place of one slash.
SEPARATORS = (
    *r"""
    // /./ /%2e/ /%2E/ /;/ /;a=b/ ;/ ;a=b/ /%3b/ %3b/ /%20/ %2f %2F /%2f %2f/ %252f %252F
    %25252f %25%32%66 %%32%66 \ %5c %5C %255c /\ \/ /%5c %5c/ %c0%af %C0%AF %e0%80%af
    %f0%80%80%af %c1%9c %c0%2f %ef%bc%8f %e2%81%84 %e2%88%95 %u002f %u2215 %00/ /%00/ %0a/
    %0d%0a/ %09/ %3f/ %23/ ?/ #/ +/ |/ %7c/ :/ @/
    """.split(),  # noqa: SIM905  # more of them can be seen at once
    "\xc0\xaf",
    "\xef\xbc\x8f",
)

# In the place of a segment `..`.
PARENTS = (
    *r"""
    .. %2e%2e %2E%2E .%2e %2e. %252e%252e .%252e %25%32%65%25%32%65 ..; ..;a=b ..%3b %2e%2e;
    ..%253b ..%00 ..%2500 %00.. ..%0a ..%0d %c0%ae%c0%ae %C0%AE. .%c0%ae %e0%80%ae%e0%80%ae
    %f0%80%80%ae. %ef%bc%8e%ef%bc%8e %uff0e%uff0e %u002e%u002e ... .... ..%20 %20.. ..+ ..%5c
    ..\ %5c.. \.. ..%2f ..%252f %2f.. ..%c0%af ..%c1%9c
    """.split(),  # noqa: SIM905  # more of them can be seen at once
    "\xc0\xae\xc0\xae",
    ". .",
)

# Where a parent leads from what is granted to what is not.
ASCENTS = (
    "/v2/p1/snapshots/s1/{}/detail",
    "/v2/p1/snapshots/s1/{}/s1/metadata",
    "/v2/p1/snapshots/{}/cloudsnapshots/s1",
    "/v2/p1/{}/p2/snapshots/s1",
    "/v2/p1/snapshots/s1/metadata/{}",
    "/health/{}/v2/p1/snapshots",
    "/public/{}/v2/p1/snapshots/s1",
    "/public/a/{}/{}/v2/p2/snapshots",
)

# `detail`, a list, where a snapshot's id may stand, and p2 where the caller's own project does.
SPELLINGS = (
    *r"""
    %64etail detai%6c %64%65%74%61%69%6C %2564etail %25%36%34etail %%364etail DETAIL Detail
    detaiL det%C3%81il detail/ detail// detail/. detail/./ detail/; detail%2f detail%5c detail\
    detail; detail;a=b detail%3b detail%3ba=b detail%253b ;detail ;a/detail detail%00
    detail%00.json detail%2500 detail%c0%80 %00detail detail%0a detail%0d%0a detail%3f
    detail%3fa=b detail%253f detail%23 detail%23a detail%2523 detail? detail?a=b detail?/s1
    detail?/../s1 detail# detail#a detail#/../s1 detail. detail%2e detail.. detail.json
    detail%20 %20detail detail+ detail%09 s1?/../detail s1#/../detail s1%3f/../detail
    s1%23/../detail s1/..%3f/detail {detail} %7bsnapshot_id%7d * %2a %ef%bd%84etail %c1%a4etail
    %e0%81%a4etail %u0064etail %7fdetail %c2%80detail %ff %fe%ff % %2 %zz %-1
    """.split(),  # noqa: SIM905  # more of them can be seen at once
    "deta\xc4\xb1l",
    "\xc1\xa4etail",
    "\x7fdetail",
)
PROJECTS = (
    *r"""
    %702 p%32 p%2532 P2 p1;p2 p1%3bp2 p1%2f..%2fp2 p1/../p2 p1%00/../p2 p1,p2 p1%2cp2 p1%26p2
    p1&p2 p1|p2 * %2a p1%20 %20p1 p1%00 p1%2f %701 p%31 p%2531 P1 p1?/../p2 p1#/../p2 p1\..\p2
    p1%5c..%5cp2 ..%2fp2 p1.. p1. .p1 ./p1 %2e/p1 //p1 p1;/../p2 p1..;/p2 {project_id} p1@p2
    """.split(),  # noqa: SIM905  # more of them can be seen at once
)

# Requests whose target is none of the usual form.
FORMS = (
    *r"""
    * / // /// /. /.. /../ /? ? # /# . .. v2/p1/snapshots //evs.example.com/v2/p1/snapshots
    //v2/p1/snapshots /v2//p1/snapshots \v2\p1\snapshots http://evs.example.com/v2/p1/snapshots
    HTTP://evs.example.com/v2/p1/snapshots/s1 http://evs.example.com
    http://evs.example.com?/v2/p1/snapshots http:///v2/p1/snapshots
    http://evs.example.com/v2/p1/snapshots/../snapshots/s1 http://u:p@h/v2/p1/snapshots/s1
    http://evs.example.com//v2/p1/snapshots http://evs.example.com\v2\p1\snapshots/s1
    http://evs.example.com#/v2/p1/snapshots ftp://evs.example.com/v2/p1/snapshots/s1
    /http://evs.example.com/v2/p1/snapshots evs.example.com:80 javascript:/v2/p1/snapshots
    /v2/p1/snapshots?enterprise_project_id=e1 /v2/p1/snapshots/s1?a=/../detail
    /v2/p1/snapshots/? /v2/p1/snapshots/s1?a;b /v2/p1/snapshots/s1?%2e%2e/detail
    /v2/p1/snapshots/s1?a#b /v2/p1/snapshots/s1?% /v2/p1/snapshots/s1?%00 /v2/p1/snapshots/s1??
    /%76%32/p1/snapshots /v%32/p1/snapshots/s1 /V2/p1/snapshots/s1 /v2/p1/Snapshots/s1
    /v2/p1/snap%73hots/s1 /health /health/ /health;/v2/p1/snapshots
    /health%2f..%2fv2/p1/snapshots/s1 /health?/v2 /public /public/ /public/a /public;/v2
    /public%2f..%2fv2%2fp1%2fsnapshots /publicity /public/%2e%2e%2fv2%2fp1%2fsnapshots%2fs1
    /public/a%5c..%5c..%5cv2%5cp1%5csnapshots /public//v2
    """.split(),  # noqa: SIM905  # more of them can be seen at once
    "",
    "/v2/p1/snapshots/" + "a" * 4096,
    "/v2/p1/snapshots/" + "../" * 200 + "detail",
    "/" + "%2e%2e/" * 100,
)


def make_paths() -> Iterator[str]:
    for route, separator in product(ROUTES, SEPARATORS):
        parts = route.split("/")
        for place in range(3, len(parts)):
            yield "/".join(parts[:place]) + separator + "/".join(parts[place:])
        yield "/" + separator.join(parts[1:])
    for ascent, parent in product(ASCENTS, PARENTS):
        yield ascent.replace("{}", parent)
    for spelling in SPELLINGS:
        yield f"/v2/p1/snapshots/{spelling}"
        yield f"/v3/p1/cloudsnapshots/{spelling}"
    for project in PROJECTS:
        yield f"/v2/{project}/snapshots/s1"
        yield f"/v3/{project}/cloudsnapshots/detail"
    yield from FORMS


PATHS = tuple(dict.fromkeys(make_paths()))
