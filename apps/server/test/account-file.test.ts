import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Accounts } from '@mudwire/mudlib-inetd'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openAccountFile } from '../src/account-file.ts'
import { StartError } from '../src/start-error.ts'

async function newPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mudwire-accounts-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'accounts.json')
}

const open = (path: string, log: string[] = []): Promise<Accounts> =>
  openAccountFile(path, pino({ base: null }, { write: (line) => void log.push(line) }))

describe('the file of accounts', () => {
  it('keeps who has registered, and no password that could be read', async () => {
    const path = await newPath()
    const accounts = await open(path)
    expect(accounts.has('Ada')).toBe(false)
    expect(await accounts.create('Ada', 'swordfish')).toBe('created')
    const again = await open(path)
    expect(again.has('aDA')).toBe(true)
    expect(await again.verify('Ada', 'swordfish')).toBe('right')
    expect(await again.verify('Ada', 'Swordfish')).toBe('wrong')
    expect(await again.verify('Bob', 'swordfish')).toBe('wrong')
    expect(await readFile(path, 'utf8')).not.toContain('swordfish')
    expect((await stat(path)).mode & 0o077).toBe(0)
  })

  it('gives a name to the first who asks, and loses none where many ask at once', async () => {
    const path = await newPath()
    const accounts = await open(path)
    const names = ['Ada', 'Bob', 'ADA', 'Eve', 'Mia']
    const answers = await Promise.all(names.map((name) => accounts.create(name, 'swordfish')))
    expect(answers).toEqual(['created', 'created', 'taken', 'created', 'created'])
    expect(Object.keys(JSON.parse(await readFile(path, 'utf8'))).sort()).toEqual(['ada', 'bob', 'eve', 'mia'])
  })

  it('is not beaten by names that mean something in JavaScript', async () => {
    const path = await newPath()
    const accounts = await open(path)
    for (const name of ['constructor', 'toString', '__proto__']) {
      expect(accounts.has(name)).toBe(false)
      expect(await accounts.verify(name, 'swordfish')).toBe('wrong')
    }
    expect(await accounts.create('constructor', 'swordfish')).toBe('created')
    expect(await (await open(path)).verify('constructor', 'swordfish')).toBe('right')
  })

  it('says no where too many ask at once, instead of taking all the memory', async () => {
    const accounts = await open(await newPath())
    const answers = await Promise.all(Array.from({ length: 60 }, () => accounts.create('Ada', 'swordfish')))
    expect(answers.filter((answer) => answer === 'created')).toHaveLength(1)
    const tries = Array.from({ length: 60 }, () => accounts.verify('Ada', 'wrong'))
    const verified = await Promise.all(tries)
    expect(verified.filter((answer) => answer === 'unavailable')).toHaveLength(8)
    expect(verified.filter((answer) => answer === 'wrong')).toHaveLength(52)
  })

  it('says so where it cannot be written, and has not registered anybody then', async () => {
    const path = join(await newPath(), 'no-such-folder', 'accounts.json')
    const log: string[] = []
    const accounts = await open(path, log)
    expect(await accounts.create('Ada', 'swordfish')).toBe('unavailable')
    expect(accounts.has('Ada')).toBe(false)
    expect(log.join()).toContain('the accounts could not be written')
  })

  it.each([
    'nonsense',
    '[]',
    'null',
    '"ada"',
    '{"ada":null}',
    '{"ada":{"password":"swordfish","created":"2026"}}',
  ])('is not taken for one where it has %j', async (content) => {
    const path = await newPath()
    await writeFile(path, content)
    const error = await open(path).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(StartError)
    expect((error as Error).message).toBe(`${path} is no file of accounts. Choose another with --accounts.`)
    expect(await readFile(path, 'utf8')).toBe(content)
  })

  it('cannot be a folder', async () => {
    await expect(open(tmpdir())).rejects.toThrow(/^The accounts cannot be read: EISDIR/)
  })
})
