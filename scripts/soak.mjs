// `npx pnpm@12 soak --seconds N`: real connections handed around at random, built from what is there now.
import './require-node.mjs'
import { runTurbo } from './turbo.mjs'

if (!(await runTurbo(['build', '--filter=@mudwire/soak']))) process.exit(1)
// pnpm passes a `--` on that was meant for itself.
if (process.argv[2] === '--') process.argv.splice(2, 1)
await import('../tests/soak/dist/main.js')
