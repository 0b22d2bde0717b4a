// `npx pnpm@12 bench`: builds what has changed, and measures it.
import './require-node.mjs'
import { runTurbo } from './turbo.mjs'

if (!(await runTurbo(['build', '--filter=@mudwire/bench']))) process.exit(1)
// pnpm passes a `--` on that was meant for itself.
if (process.argv[2] === '--') process.argv.splice(2, 1)
await import('../bench/dist/main.js')
