// `npx pnpm@12 model`: the model of the contract, tried 100,000 times. FC_RUNS says otherwise, in fifths.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const core = fileURLToPath(new URL('../packages/core', import.meta.url))
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const hour = 3_600_000
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/model', `--testTimeout=${hour}`], {
  cwd: core,
  env: { FC_RUNS: '20000', ...process.env },
  stdio: 'inherit',
})
process.exitCode = status ?? 1
