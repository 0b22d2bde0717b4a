import { bytesOf, Gather, mostBytesOf, type Part } from './gather.ts'
import { PreparedText, type Writable } from './prepared.ts'
import type { StreamEndpoint } from './stream-endpoint.ts'
import type { Link } from './transport.ts'
import type { Flusher } from './turns.ts'

/** So much is handed to the link at once, without waiting for the end of the turn. */
const FLUSH_BYTES = 32 * 1024

/** The sending side of a socket: gathers the writes of a turn, and keeps to the limits. */
export class Outbound implements Flusher {
  /** A write returned false, and the drain that it promised is still owed. */
  blocked = false
  readonly #endpoint: StreamEndpoint
  /** There only while there is something to flush. */
  #gathered: Gather | undefined
  /** Bytes that were handed over. */
  #flushed = 0

  constructor(endpoint: StreamEndpoint) {
    this.#endpoint = endpoint
  }

  /** Bytes that owners have written, texts counted in UTF-8. */
  get position(): number {
    return this.#flushed + this.gatheredBytes
  }

  /** Bytes that were written and that the system has not taken yet. */
  get unsent(): number {
    return this.gatheredBytes + (this.#endpoint.link?.buffered ?? 0)
  }

  private get gatheredBytes(): number {
    return this.#gathered === undefined ? 0 : this.#gathered.bytes
  }

  /** False: over the soft limit, or no longer open; a drain or a close follows. */
  write(data: Writable): boolean {
    const part = partOf(data)
    const endpoint = this.#endpoint
    if (endpoint.isOver || endpoint.inbound.isGone) return false
    const { link, limits } = endpoint
    const most = this.mostUnsent + mostBytesOf(part)
    if (most > limits.hardLimit && this.unsent + bytesOf(part) > limits.hardLimit) {
      endpoint.tooSlow()
      return false
    }
    const gathered = this.gather(part, link)
    const flushes =
      link !== undefined && gathered !== undefined && (!limits.gather || gathered.leastBytes >= FLUSH_BYTES)
    if (flushes) this.flush()
    if ((flushes || most >= limits.softLimit) && this.unsent >= limits.softLimit) this.blocked = true
    return this.writable
  }

  /** May the owner go on writing? */
  get writable(): boolean {
    return !this.blocked && !this.#endpoint.isOver && !this.#endpoint.inbound.isGone
  }

  /** Hands what is gathered to the link. */
  flush(): void {
    const { link } = this.#endpoint
    const gathered = this.#gathered
    if (link === undefined || gathered === undefined) return
    this.discard()
    const { turns } = this.#endpoint.context
    turns.busy += 1
    try {
      if (!this.#endpoint.inbound.isGone) gathered.flushTo(link)
    } catch (error) {
      this.#endpoint.linkThrew(error)
    }
    turns.busy -= 1
    this.drained()
  }

  /** What was written has gone, or some of it: the owner may be owed its drain. */
  drained(): void {
    if (this.blocked && this.#endpoint.life === 'open' && !this.isPastSoftLimit) {
      this.#endpoint.inbound.oweDrain()
    }
  }

  /** Forgets what was gathered, for a link that has it now or takes nothing any more. */
  discard(): void {
    this.#flushed += this.gatheredBytes
    this.#gathered = undefined
  }

  /** Is it still so that the owner may write again? Then the drain is delivered now. */
  unblock(): boolean {
    if (this.isPastSoftLimit) return false
    this.blocked = false
    return true
  }

  /** No less than `unsent`, and had without counting. */
  private get mostUnsent(): number {
    const gathered = this.#gathered === undefined ? 0 : this.#gathered.mostBytes
    return gathered + (this.#endpoint.link?.buffered ?? 0)
  }

  private get isPastSoftLimit(): boolean {
    const { softLimit } = this.#endpoint.limits
    return this.mostUnsent >= softLimit && this.unsent >= softLimit
  }

  /** Adds to what leaves together; undefined where there is nothing. */
  private gather(part: Part, link: Link | undefined): Gather | undefined {
    const messages = link === undefined || (link.shape === 'message' && link.text !== 'stream')
    if (!messages && mostBytesOf(part) === 0) return this.#gathered
    let gathered = this.#gathered
    if (gathered === undefined) {
      gathered = new Gather()
      this.#gathered = gathered
      if (link !== undefined) this.#endpoint.context.turns.flushLater(this)
    }
    if (messages) gathered.addMessage(part)
    else gathered.add(part)
    return gathered
  }
}

/** Throws a TypeError for what cannot be written. */
function partOf(data: Writable): Part {
  if (typeof data === 'string' || data instanceof Uint8Array || data instanceof PreparedText) return data
  throw new TypeError('What is written is a string, a Uint8Array or what driver.prepare returned.')
}
