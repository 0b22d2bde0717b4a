import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyFolder, packAll, publishable, run } from './packages.ts'

const FIXTURE = fileURLToPath(new URL('../fixture', import.meta.url))
const MINUTES = 60_000
const packed = emptyFolder()
const consumer = emptyFolder()
let tarballs: ReadonlyMap<string, string>

beforeAll(async () => {
  tarballs = await packAll(packed.path)
}, 2 * MINUTES)
afterAll(() => {
  packed.remove()
  consumer.remove()
})

const bin = (name: string): string => fileURLToPath(new URL(`../node_modules/${name}`, import.meta.url))
const names = publishable().map(({ manifest }) => manifest.name)

describe.each(names)('%s as a tarball', (name) => {
  it('is packed as publint wants it', async () => {
    // Its own buffer: a small file's would be a window of Node's shared pool.
    const tarball = Uint8Array.from(readFileSync(tarballs.get(name) ?? '')).buffer
    const { messages, pkg } = await publint({ strict: true, pack: { tarball } })
    expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([])
  })

  it('has types that every way of importing it finds', { timeout: MINUTES }, async () => {
    await run(
      bin('.bin/attw'),
      [tarballs.get(name) ?? '', '--profile', 'esm-only', '--no-color'],
      packed.path,
    )
  })

  it('has a licence, a README, its sources and nothing of the workspace', async () => {
    const listing = (await run('tar', ['-tzf', tarballs.get(name) ?? ''], packed.path)).split('\n')
    for (const file of [
      'LICENSE',
      'README.md',
      'package.json',
      'dist/index.js',
      'dist/index.d.ts',
      'src/index.ts',
    ]) {
      expect(listing).toContain(`package/${file}`)
    }
    expect(listing.filter((file) => /\/test\/|node_modules|tsconfig|\.tsbuildinfo/.test(file))).toEqual([])
    const manifest = await run(
      'tar',
      ['-xzOf', tarballs.get(name) ?? '', 'package/package.json'],
      packed.path,
    )
    expect(manifest).not.toMatch(/workspace:|catalog:/)
  })
})

describe('in an empty folder', () => {
  beforeAll(async () => {
    cpSync(FIXTURE, consumer.path, { recursive: true })
    writeFileSync(
      join(consumer.path, 'package.json'),
      JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
    )
    const types = JSON.parse(readFileSync(bin('@types/node/package.json'), 'utf8')) as {
      readonly version: string
    }
    await run(
      'npm',
      ['install', '--no-audit', '--no-fund', ...tarballs.values(), `@types/node@${types.version}`],
      consumer.path,
    )
    for (const signals of ['signals-window', 'signals-bell']) {
      cpSync(join(FIXTURE, signals), join(consumer.path, 'node_modules', signals), { recursive: true })
    }
  }, 3 * MINUTES)

  it('there is one copy of core, whoever asks for it', async () => {
    const tree = await run('npm', ['ls', '--all', '--parseable'], consumer.path)
    expect(tree.split('\n').filter((line) => line.endsWith('/@mudwire/core'))).toHaveLength(1)
  })

  it('a hand-over runs, in JavaScript', { timeout: MINUTES }, async () => {
    expect(await run(process.execPath, ['echo.mjs'], consumer.path)).toBe('handed over!\n')
  })

  it('the conformance kit tests a transport, with the vitest that came with it', {
    timeout: MINUTES,
  }, async () => {
    const vitest = join(consumer.path, 'node_modules/vitest/vitest.mjs')
    const report = await run(process.execPath, [vitest, 'run', '--reporter', 'json'], consumer.path)
    const { numFailedTests, numPassedTests } = JSON.parse(report) as Readonly<Record<string, number>>
    expect(numFailedTests).toBe(0)
    expect(numPassedTests).toBeGreaterThan(10)
  })

  it.each([
    ['5.9', 'typescript-5.9'],
    ['6.0', 'typescript-6.0'],
    ['7.0', 'typescript'],
  ])('the types hold in TypeScript %s', { timeout: MINUTES }, async (version, name) => {
    const tsc = [bin(`${name}/bin/tsc`)]
    expect(await run(process.execPath, [...tsc, '--version'], consumer.path)).toContain(`Version ${version}`)
    for (const project of ['tsconfig.json', 'tsconfig.telnet.json']) {
      await run(process.execPath, [...tsc, '-p', project], consumer.path)
    }
  })
})
