import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from './workspace.ts'

it('the model notices every way in which the contract can be broken', { timeout: 600_000 }, () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(ROOT, 'scripts/mutants.mjs')], {
    encoding: 'utf8',
  })
  expect({
    survived: stdout.split('\n').filter((line) => line.startsWith('SURVIVED')),
    stderr,
    status,
  }).toEqual({
    survived: [],
    stderr: '',
    status: 0,
  })
})
