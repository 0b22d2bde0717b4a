import type { IncomingMessage } from 'node:http'
import type { LinkFacts } from '@mudwire/core'
import type { UpgradeSettings } from './websocket-options.ts'

/** So many different sets of facts are remembered. */
const MOST_REMEMBERED = 256

/**
 * What an upgrade request says of a connection. Most players of a server come to the same host with one of a few
 * browsers, so those who say the same share it.
 */
export class PlainFacts {
  readonly #path: string
  readonly #names: readonly string[]
  readonly #remembered = new Map<string, LinkFacts>()

  constructor({ path, headers }: UpgradeSettings) {
    this.#path = path
    this.#names = headers
  }

  of(request: IncomingMessage): LinkFacts {
    const headers: Record<string, string> = {}
    for (const name of this.#names) {
      const value = request.headers[name]
      if (typeof value === 'string') headers[name] = value
    }
    const key = JSON.stringify(headers)
    const known = this.#remembered.get(key)
    if (known) return known
    const facts = Object.freeze({ secure: false, path: this.#path, headers: Object.freeze(headers) })
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear()
    this.#remembered.set(key, facts)
    return facts
  }
}
