// `npx pnpm@12 start`: builds what has changed, and runs the server with the arguments that were given.
import './require-node.mjs'
import { runTurbo } from './turbo.mjs'

const began = Date.now()
process.stdout.write('Building Mudwire (quick when nothing has changed) … ')
const built = await runTurbo(['build', '--filter=@mudwire/server'])
if (!built) {
  process.stderr.write('The build failed; its output is above.\n')
  process.exit(1)
}
process.stdout.write(`done in ${((Date.now() - began) / 1000).toFixed(1)} s.\n`)

// pnpm passes a `--` on that was meant for itself.
if (process.argv[2] === '--') process.argv.splice(2, 1)
await import('../apps/server/dist/main.js')
