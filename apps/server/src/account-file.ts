import { open, readFile, rename } from 'node:fs/promises'
import type { Accounts, Created, Verified } from '@mudwire/mudlib-inetd'
import pLimit from 'p-limit'
import type { Logger } from 'pino'
import { type HashedPassword, hashPassword, isHashedPassword, isPassword } from './passwords.ts'
import { StartError } from './start-error.ts'

/** Each password that is looked at takes a thread and 32 MiB for a while. */
const MOST_AT_ONCE = 2
/** Of those that wait for it. Whoever comes then is told to come back later. */
const MOST_WAITING = 50

interface Account {
  readonly password: HashedPassword
  /** An ISO date. */
  readonly created: string
}

/**
 * Opens the file that accounts are kept in: JSON, and no password in it can be read. It is made with the first account.
 *
 * @throws StartError where it cannot be read, or is something else.
 */
export async function openAccountFile(path: string, logger: Logger): Promise<Accounts> {
  return new AccountFile(path, await readAccounts(path), logger)
}

async function readAccounts(path: string): Promise<Map<string, Account>> {
  const elsewhere = 'Choose another with --accounts.'
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return new Map()
    throw new StartError(`The accounts cannot be read: ${message}. ${elsewhere}`, { cause: error })
  }
  const accounts = parseAccounts(text)
  if (!accounts) throw new StartError(`${path} is no file of accounts. ${elsewhere}`)
  return accounts
}

function parseAccounts(text: string): Map<string, Account> | undefined {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return undefined
  const accounts = new Map<string, Account>()
  for (const [name, account] of Object.entries<Partial<Account> | null>({ ...content })) {
    const { password, created } = account ?? {}
    if (!isHashedPassword(password) || typeof created !== 'string') return undefined
    accounts.set(name, { password, created })
  }
  return accounts
}

class AccountFile implements Accounts {
  readonly #path: string
  readonly #logger: Logger
  /** By their names in lower case. */
  readonly #accounts: Map<string, Account>
  /** Names that are being registered. */
  readonly #coming = new Set<string>()
  readonly #hashing = pLimit(MOST_AT_ONCE)
  readonly #writing = pLimit(1)

  constructor(path: string, accounts: Map<string, Account>, logger: Logger) {
    this.#path = path
    this.#accounts = accounts
    this.#logger = logger
  }

  has(name: string): boolean {
    return this.#accounts.has(name.toLowerCase())
  }

  async verify(name: string, password: string): Promise<Verified> {
    const account = this.#accounts.get(name.toLowerCase())
    if (!account) return 'wrong'
    if (this.#hashing.pendingCount >= MOST_WAITING) return 'unavailable'
    try {
      return (await this.#hashing(isPassword, password, account.password)) ? 'right' : 'wrong'
    } catch (error) {
      this.#logger.error({ err: error }, 'a password could not be looked at')
      return 'unavailable'
    }
  }

  async create(name: string, password: string): Promise<Created> {
    const key = name.toLowerCase()
    if (this.has(key) || this.#coming.has(key)) return 'taken'
    if (this.#hashing.pendingCount >= MOST_WAITING) return 'unavailable'
    this.#coming.add(key)
    try {
      const hashed = await this.#hashing(hashPassword, password)
      const account = { password: hashed, created: new Date().toISOString() }
      await this.#writing(() => this.#keep(key, account))
      return 'created'
    } catch (error) {
      this.#logger.error({ err: error }, 'the accounts could not be written')
      return 'unavailable'
    } finally {
      this.#coming.delete(key)
    }
  }

  /** Nobody ever sees half a file, whatever happens meanwhile. */
  async #keep(key: string, account: Account): Promise<void> {
    const content = { ...Object.fromEntries(this.#accounts), [key]: account }
    const unfinished = `${this.#path}.new`
    const file = await open(unfinished, 'w', 0o600)
    try {
      await file.writeFile(`${JSON.stringify(content, undefined, 2)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, this.#path)
    this.#accounts.set(key, account)
  }
}
