// `npx pnpm@12 scenarios [FILE…]`: plays recordings of a real MudOS driver against the efuns, and says where they differ.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer, defaultServerConditions } from 'vite'
import './require-node.mjs'

const efuns = fileURLToPath(new URL('../packages/efuns', import.meta.url))
const given = process.argv.slice(2).filter((argument) => argument !== '--')
const files =
  given.length > 0 ? given.map((file) => resolve(file)) : [`${efuns}/test/scenarios/scenarios.json`]

// The runner is TypeScript, and runs from the sources as the tests do.
const conditions = ['@mudwire/source', ...defaultServerConditions]
const server = await createServer({
  root: efuns,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  resolve: { conditions },
  ssr: { resolve: { conditions } },
})

let passed = 0
let failed = 0
const { replayFile } = await server.ssrLoadModule('/test/scenarios/main.ts')
for (const file of files) {
  await replayFile(file, ({ name, difference, deviations, isSkipped }) => {
    if (isSkipped) {
      console.log(`skipped  ${name}: it needs python3; scripts/install-test-programs.sh installs it`)
      if (process.env.CI) failed += 1
      return
    }
    if (difference === undefined) passed += 1
    else failed += 1
    const better =
      deviations.length > 0 ? `  (better on purpose: ${deviations.map((rule) => rule.name).join(', ')})` : ''
    console.log(
      difference === undefined ? `ok       ${name}${better}` : `FAILED   ${name}${better}: ${difference}`,
    )
  })
}
await server.close()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
