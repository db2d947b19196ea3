// The direction of imports in the house (ARCHITECTURE.md): down, never up; other rooms only through their door; SQL, HTTP
// and rules each in their own file. Tests and test kits may look into any room, but no product code may import them.
const server = '^packages/server/src/';
const floors = ['platform', 'tenancy', 'identity', 'access', 'federation', 'operations', 'pages'];
const anyFloor = `(?:${floors.join('|')})`;
const aTest = '\\.test\\.[mc]?[jt]sx?$';
const aRule = (name, comment) => (from, to) => ({ name, comment, severity: 'error', from, to });

const upward = floors
  .slice(0, -1)
  .map((floor, level) =>
    aRule(
      `never-upward-from-${floor}`,
      'A lower floor announces (events) or asks through an interface that it declares itself.',
    )({ path: `${server}${floor}/`, pathNot: aTest }, { path: `${server}(?:${floors.slice(level + 1).join('|')})/` }),
  );

const composition = [
  aRule('nobody-imports-the-composition', 'Only the composition root knows every room; a room asks for what it needs.')(
    { path: `${server}${anyFloor}/`, pathNot: aTest },
    { path: `${server}(?:server|main|index)\\.ts$|${server}(?:commands|house)/` },
  ),
  aRule(
    'configuration-is-handed-in',
    'Rooms receive their settings; they may name the type of the configuration, not read it.',
  )({ path: `${server}${anyFloor}/`, pathNot: aTest }, { path: `${server}config/`, dependencyTypesNot: ['type-only'] }),
];

const doors = [
  aRule('only-through-the-door', 'Other rooms only through their index.ts.')(
    { path: `${server}(${anyFloor}/[^/]+)/`, pathNot: aTest },
    { path: `${server}${anyFloor}/[^/]+/`, pathNot: [`${server}$1/`, `${server}${anyFloor}/[^/]+/index\\.ts$`] },
  ),
  aRule('only-through-the-door-from-outside', 'The composition root, the commands and single files use doors too.')(
    { path: server, pathNot: [`${server}${anyFloor}/[^/]+/`, aTest] },
    { path: `${server}${anyFloor}/[^/]+/`, pathNot: `${server}${anyFloor}/[^/]+/index\\.ts$` },
  ),
  aRule('only-through-the-door-of-config-and-commands', 'The configuration is one door too.')(
    { path: server, pathNot: [`${server}config/`, aTest] },
    { path: `${server}config/`, pathNot: `${server}config/index\\.ts$` },
  ),
  aRule('no-cycles', 'A cycle has no lower floor.')({}, { circular: true }),
];

const oneJob = [
  aRule(
    'sql-only-in-stores',
    'SQL lives in store.ts, in a store/ folder of a room, in platform/database and in migrations.',
  )(
    { path: server, pathNot: ['/store\\.ts$', '/store/', `${server}(?:platform/database|migrations)/`, aTest] },
    { path: '^(?:node:)?sqlite$|node_modules/(?:kysely|pg|@types/pg)/|^(?:kysely|pg)(?:/|$)' },
  ),
  aRule('http-only-in-routes', 'Fastify lives in routes.ts, pages/, platform/http and the composition root.')(
    {
      path: server,
      pathNot: [
        '/routes\\.ts$',
        '/routes/',
        `${server}pages/`,
        `${server}platform/http/`,
        `${server}server\\.ts$`,
        aTest,
      ],
    },
    { path: 'node_modules/(?:fastify|@fastify)/|^(?:fastify$|@fastify/)' },
  ),
  aRule('policies-are-pure', 'Data in, verdict out: a policy imports types of ours, nothing that runs.')(
    { path: '-policy\\.ts$' },
    { path: '^packages/', dependencyTypesNot: ['type-only'] },
  ),
];

const leaves = [
  aRule('messages-import-nothing', 'What people read depends on nobody, so that anybody may use it.')(
    { path: `${server}messages/`, pathNot: aTest },
    { pathNot: `${server}messages/` },
  ),
];

const packages = [
  aRule('protocol-stands-alone', 'Wire shapes know nobody.')(
    { path: '^packages/protocol/' },
    { path: '^packages/(?!protocol/)' },
  ),
  aRule(
    'nobody-imports-the-server',
    'Others speak HTTP to the server; only its own tests, tools and journeys may import it.',
  )(
    { pathNot: ['^packages/server/', '^(?:e2e|bench|examples|tools)/', '^packages/[^/]+/test/', aTest] },
    { path: '^packages/server/' },
  ),
  aRule('no-tests-in-the-product', 'Product code must run without its tests.')(
    { path: '^packages/[^/]+/(?:src|bin)/', pathNot: aTest },
    { path: [aTest, '^packages/[^/]+/test/', '^(?:e2e|bench|tools)/'] },
  ),
  aRule('resolvable', 'An import that leads nowhere hides from every other rule.')(
    { pathNot: '\\.mjs$' },
    { couldNotResolve: true },
  ),
];

module.exports = {
  forbidden: [...upward, ...composition, ...doors, ...oneJob, ...leaves, ...packages],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/[^/]+/(?:src/)?(?:dist|generated|assets)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
};
