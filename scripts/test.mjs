// `npx pnpm@12 test`: style, types, build and every test, and a last line that sums them up.
import './require-node.mjs'
import { Count, runSuite } from './suite.mjs'
import { runOnOtherNodes } from './test-nodes.mjs'
import { runTurbo } from './turbo.mjs'

const count = new Count()
count.check(await runTurbo(['lint']), 'style')
count.check(await runTurbo(['unused']), 'nothing unused')
count.check(await runTurbo(['typecheck', 'build']), 'types and build')
count.check(await runTurbo(['api']), 'API reference')
await runSuite(count)
if (process.env.CI) await runOnOtherNodes(count)

process.stdout.write(`${count.summary}\n`)
process.exitCode = count.ok ? 0 : 1
