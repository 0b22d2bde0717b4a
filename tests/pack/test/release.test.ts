import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { emptyFolder, pnpm, publishable, ROOT, run } from './packages.ts'
import { type Registry, startRegistry } from './registry.ts'

const MINUTES = 60_000
const FIXTURE = fileURLToPath(new URL('../fixture', import.meta.url))
const clone = emptyFolder()
const consumer = emptyFolder()
const storage = emptyFolder()
let registry: Registry

const read = (folder: string, file: string): string => readFileSync(join(clone.path, folder, file), 'utf8')
const version = (folder: string): unknown => JSON.parse(read(folder, 'package.json')).version

beforeAll(async () => {
  registry = await startRegistry(storage.path)
  const files = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], ROOT)
  for (const file of files.split('\0')) {
    if (file !== '' && existsSync(join(ROOT, file))) cpSync(join(ROOT, file), join(clone.path, file))
  }
  // Changesets tags what it publishes, and asks git what has changed.
  await run('git', ['init', '--quiet', '--initial-branch', 'main'], clone.path)
  await run('git', ['add', '--all'], clone.path)
  const me = ['-c', 'user.name=release', '-c', 'user.email=release@localhost']
  await run('git', [...me, 'commit', '--quiet', '--message', 'before the release'], clone.path)
  const store = (await pnpm(['store', 'path'], ROOT)).trim()
  await pnpm(['install', '--frozen-lockfile', '--prefer-offline', '--store-dir', store], clone.path)
}, 5 * MINUTES)
afterAll(async () => {
  await registry.close()
  for (const folder of [clone, consumer, storage]) folder.remove()
})

it('one changeset moves every published package to the same new version', {
  timeout: 2 * MINUTES,
}, async () => {
  const apps = version('apps/server')
  writeFileSync(
    join(clone.path, '.changeset', 'rehearsal.md'),
    "---\n'@mudwire/transport-tcp': minor\n---\n\nA rehearsal.\n",
  )
  await pnpm(['version-packages'], clone.path)
  const versions = publishable().map(({ manifest }) => version(`packages/${manifest.name.split('/')[1]}`))
  // Not 1.0.0, which a peer dependency that falls out of its range would make of it.
  expect(new Set(versions)).toEqual(new Set(['0.2.0']))
  expect(version('apps/server')).toBe(apps)
  expect(read('packages/transport-tcp', 'CHANGELOG.md')).toContain('A rehearsal.')
})

it('what is published can be installed and runs', { timeout: 3 * MINUTES }, async () => {
  writeFileSync(join(clone.path, '.npmrc'), registry.npmrc)
  // `pnpm release` without the provenance, which only a workflow's identity can sign.
  await pnpm(['build'], clone.path)
  await pnpm(['publish-packages'], clone.path)
  await pnpm(['changeset', 'tag'], clone.path)

  mkdirSync(consumer.path, { recursive: true })
  writeFileSync(join(consumer.path, '.npmrc'), registry.npmrc)
  writeFileSync(join(consumer.path, 'package.json'), '{ "private": true, "type": "module" }')
  const names = publishable().map(({ manifest }) => manifest.name)
  await run('npm', ['install', '--no-audit', '--no-fund', ...names], consumer.path)
  const tree = JSON.parse(await run('npm', ['ls', '--json'], consumer.path)) as {
    readonly dependencies: Readonly<Record<string, { readonly version: string }>>
  }
  for (const name of names) {
    expect(tree.dependencies[name]).toMatchObject({ version: '0.2.0' })
  }
  cpSync(join(FIXTURE, 'echo.mjs'), join(consumer.path, 'echo.mjs'))
  expect(await run(process.execPath, ['echo.mjs'], consumer.path)).toBe('handed over!\n')
  expect(await run('git', ['tag'], clone.path)).toContain('@mudwire/core@0.2.0')
})
