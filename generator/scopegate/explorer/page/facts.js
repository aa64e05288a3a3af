// What the bundle says, as `generator/scopegate/explorer/page.py` tells it: routes with what they require and where they
// are documented.

const told = JSON.parse(document.getElementById("facts").textContent);

export const revision = told.revision;
export const limits = told.limits;
export const made = told.made;

export const routes = told.routes.map((route) => ({
  ...route,
  name: `${route.method} ${route.path}${route.case === null ? "" : ` [${route.case}]`}`,
  api: `${route.provider}/${route.service}`,
  text: [route.method, route.path, route.case, route.service, route.table, route.permission, ...route.actions]
    .join(" ").toLowerCase(),
}));

export const routesByKey = new Map(routes.map((route) => [route.key, route]));

// The rows that document a route, the first one first.
export const rowsOf = (route) =>
  [route, ...route.further_rows].map(({ table, row, permission }) => {
    const { document, sha256, table: number } = told.documents[`${route.provider}/${table}`];
    return { table, row, permission, document, sha256, number };
  });

export const actionsOf = (chosen) => [...new Set(chosen.flatMap((route) => route.actions))].sort();
