import { Gather } from './gather.ts'
import { PreparedText, type Writable } from './prepared.ts'
import type { StreamEndpoint } from './stream-endpoint.ts'
import type { Flusher } from './turns.ts'
import { utf8Length } from './utf8.ts'

/** So much is handed to the link at once, without waiting for the end of the turn. */
const FLUSH_BYTES = 32 * 1024

/** The sending side of a socket: gathers the writes of a turn, and keeps to the limits. */
export class Outbound implements Flusher {
  /** Bytes that owners have written, texts counted in UTF-8. */
  position = 0
  /** A write returned false, and the drain that it promised is still owed. */
  blocked = false
  readonly #endpoint: StreamEndpoint
  readonly #gathered = new Gather()
  #planned = false

  constructor(endpoint: StreamEndpoint) {
    this.#endpoint = endpoint
  }

  /** Bytes that were written and that the system has not taken yet. */
  get unsent(): number {
    return this.#gathered.bytes + (this.#endpoint.link?.buffered ?? 0)
  }

  /** False: over the soft limit, or no longer open; a drain or a close follows. */
  write(data: Writable): boolean {
    const endpoint = this.#endpoint
    const { link, limits } = endpoint
    const size = sizeOf(data)
    if (endpoint.isOver || endpoint.inbound.linkGone) return false
    if (this.unsent + size > limits.hardLimit) {
      endpoint.tooSlow()
      return false
    }
    this.position += size
    const part = data as string | Uint8Array | PreparedText
    if (link === undefined || (link.shape === 'message' && link.text !== 'stream')) {
      this.#gathered.addMessage(part, size)
    } else if (size > 0) this.#gathered.add(part, size)
    if (link !== undefined) {
      if (!limits.gather || this.#gathered.bytes >= FLUSH_BYTES) this.flush()
      else this.#plan()
    }
    if (this.unsent >= limits.softLimit) this.blocked = true
    return this.writable
  }

  /** May the owner go on writing? */
  get writable(): boolean {
    return !this.blocked && !this.#endpoint.isOver && !this.#endpoint.inbound.linkGone
  }

  /** Hands what is gathered to the link. */
  flush(): void {
    this.#planned = false
    const { link } = this.#endpoint
    if (link === undefined || this.#gathered.isEmpty) return
    const { turns } = this.#endpoint.context
    turns.busy += 1
    try {
      if (this.#endpoint.inbound.linkGone) this.#gathered.clear()
      else this.#gathered.flushTo(link)
    } catch (error) {
      this.#endpoint.linkThrew(error)
    }
    turns.busy -= 1
    this.drained()
  }

  /** What was written has gone, or some of it: the owner may be owed its drain. */
  drained(): void {
    if (this.blocked && this.#endpoint.life === 'open' && this.unsent < this.#endpoint.limits.softLimit) {
      this.#endpoint.inbound.oweDrain()
    }
  }

  /** Forgets what was gathered, for a link that takes nothing any more. */
  discard(): void {
    this.#gathered.clear()
  }

  /** Is it still so that the owner may write again? Then the drain is delivered now. */
  unblock(): boolean {
    if (this.unsent >= this.#endpoint.limits.softLimit) return false
    this.blocked = false
    return true
  }

  #plan(): void {
    if (this.#planned) return
    this.#planned = true
    this.#endpoint.context.turns.flushLater(this)
  }
}

function sizeOf(data: Writable): number {
  if (typeof data === 'string') return utf8Length(data)
  if (data instanceof Uint8Array) return data.byteLength
  if (data instanceof PreparedText) return data.size
  throw new TypeError('What is written is a string, a Uint8Array or what driver.prepare returned.')
}
