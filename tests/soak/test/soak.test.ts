import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))

it('a short soak: every byte of some hundred connections is accounted for, and nothing is left', {
  timeout: 120_000,
}, () => {
  const args = ['--seconds', '5', '--connections', '300']
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
  // On failure all of it is shown: the seed, the connection, the byte and its owners.
  expect(`${stdout}${stderr}`).toMatch(/\nEvery byte is accounted for, and nothing is left\.\n$/)
  expect(status).toBe(0)
})
