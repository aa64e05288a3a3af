// What the bundle says, as `generator/scopegate/explorer/page.py` tells it: routes with what they require and where they
// are documented.

export const facts = JSON.parse(document.getElementById("facts").textContent);

export const revision = facts.revision;
export const made = facts.made;
export const differences = facts.differences;

export const routes = facts.routes.map((route) => ({
  ...route,
  name: `${route.method} ${route.path}${route.case === null ? "" : ` [${route.case}]`}`,
  api: `${route.provider}/${route.service}`,
  text: [route.method, route.path, route.case, route.service, route.table, route.permission, ...route.actions]
    .join(" ").toLowerCase(),
}));

export const routesByKey = new Map(routes.map((route) => [route.key, route]));

export const hasSeveralApis = new Set(routes.map((route) => route.api)).size > 1;

// A link names routes by their ids.
export const routesById = new Map(routes.map((route) => [route.id, route]));

// The rows that document a route, the first one first.
export const rowsOf = (route) =>
  [route, ...route.further_rows].map(({ table, row, permission }) => {
    const { document, sha256, table: number } = facts.documents[`${route.provider}/${table}`];
    return { table, row, permission, document, sha256, number };
  });
