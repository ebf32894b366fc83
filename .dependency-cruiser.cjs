// The directions of ARCHITECTURE.md, as rules. `npm run check` fails on a violation.
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to: { pathNot: allowed },
})

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'lib-does-no-io',
      severity: 'error',
      comment: 'lib, domain, contract and client run in browsers too',
      from: { path: '^src/(lib|domain|contract|client)/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    only(
      'bytes-is-the-floor',
      '^src/lib/(bytes|errors)/',
      '^src/lib/(bytes|errors)/',
      'bytes and errors import nothing',
    ),
    only(
      'phash-direction',
      '^src/lib/phash/',
      '^src/lib/(phash|bytes|errors)/',
      'phash <- radius, never the other way',
    ),
    only(
      'scenes-direction',
      '^src/lib/scenes/',
      '^src/lib/(scenes|bytes|errors)/',
      'drawn pictures know nothing of fingerprints',
    ),
    only(
      'radius-direction',
      '^src/lib/radius/',
      '^src/lib/(radius|phash|bytes|errors)/',
      'radius knows fingerprints only',
    ),
    only(
      'chat-direction',
      '^src/lib/chat/',
      '^src/lib/(chat|bytes|errors)/|node_modules/(libphonenumber-js|linkify-it|htmlparser2|entities|domhandler|domelementtype)',
      'chat knows neither fingerprints nor files',
    ),
    only(
      'tlog-direction',
      '^src/lib/tlog/',
      '^src/lib/(tlog|bytes|errors)/|node_modules/(@noble/(curves|hashes)|zod)/',
      'the log knows bytes and hashes, nothing of pictures',
    ),
    only(
      'bundle-direction',
      '^src/lib/bundle/',
      '^src/lib/(bundle|tlog|bytes|errors)/|node_modules/(@noble/(curves|hashes)|zod|pkijs|asn1js|pvtsutils|pvutils)/',
      'the bundle knows the log, nothing of pictures',
    ),
    {
      name: 'verifiers-know-no-signers',
      severity: 'error',
      comment: 'what checks a log or a bundle must not depend on what makes one',
      from: {
        path: '^src/lib/(tlog/(?!sign/|testing/)[^/]+/|bundle/(verify|format)/)',
        pathNot: '\\.test\\.ts$',
      },
      to: { path: '^src/lib/(tlog/sign|bundle/build)/' },
    },
    only(
      'seal-direction',
      '^src/lib/seal/',
      '^src/lib/(seal|tlog|bytes|errors)/|node_modules/(@noble/(curves|hashes|ciphers)|age-encryption|hash-wasm|shamir-secret-sharing|@scure/base|zod)/',
      'sealing knows bytes, keys and signed notes, nothing of cases',
    ),
    only(
      'passes-direction',
      '^src/lib/passes/',
      '^src/lib/(passes|seal|bytes|errors)/|node_modules/@noble/(curves|hashes)/',
      'passes know codes and curves, nothing of what they let in',
    ),
    only('domain-direction', '^src/domain/', '^src/(domain|lib)/', 'domain -> lib'),
    only(
      'contract-direction',
      '^src/contract/',
      '^src/(contract|lib)/|node_modules/(zod|@noble/hashes)/',
      'contract -> lib, zod, hashes',
    ),
    {
      name: 'client-direction',
      severity: 'error',
      comment: 'client -> contract, domain, lib',
      from: { path: '^src/client/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/(cli|server|web|node)/' },
    },
    {
      name: 'node-direction',
      severity: 'error',
      comment: 'what commands and server share knows neither',
      from: { path: '^src/node/' },
      to: { path: '^src/(cli|server|web|client|domain|contract)/' },
    },
    {
      name: 'server-direction',
      severity: 'error',
      from: { path: '^src/server/' },
      to: { path: '^src/(cli|web)/' },
    },
    {
      name: 'cli-direction',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/(server|web)/' },
    },
    {
      name: 'front-doors',
      severity: 'error',
      comment: 'a lib folder is imported through its index.ts',
      from: { path: '^src/lib/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/lib/([^/]+)/', pathNot: '^src/lib/$1/|^src/lib/[^/]+/index\\.ts$' },
    },
    {
      name: 'front-doors-outside',
      severity: 'error',
      from: { path: '^src/(?!lib/)|^bench/', pathNot: '/testing/' },
      to: { path: '^src/lib/', pathNot: '^src/lib/[^/]+/index\\.ts$|\\.json$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default', 'node'],
    },
  },
}
