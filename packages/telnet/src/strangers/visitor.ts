import type { Clock, CloseReason, Link, LinkSink } from '@mudwire/core'
import { concatBytes } from '@mudwire/core/internal'
import { Delivery } from '../delivery.ts'
import { LookedAtLink } from './looked-at-link.ts'
import { recognise } from './protocols.ts'

/** Who decides what becomes of a visitor. */
export interface VisitorEvents {
  /** It waits to be let in, and is not known to be a stranger. */
  ordinary(visitor: Visitor): void
  /** It speaks something else; `first` is what it has said. */
  strange(visitor: Visitor, protocol: 'http' | 'tls', first: Uint8Array): void
  /** Its connection is gone. */
  gone(visitor: Visitor): void
}

const NOTHING = new Uint8Array(0)
const encoder = new TextEncoder()

/**
 * A connection that is read until its first bytes say who it is. They may come long after it was let in: browsers open
 * connections before they have anything to ask for.
 */
export class Visitor implements LinkSink {
  /** When it came, or when it was turned away; there only while somebody waits for it. */
  #since: number | undefined
  readonly #link: Link
  readonly #delivery: Delivery
  readonly #events: VisitorEvents
  #stage: 'waiting' | 'let in' | 'turned away' = 'waiting'
  /** What it has said, until that says who it is. */
  #first: Uint8Array | undefined = NOTHING

  constructor(link: Link, events: VisitorEvents, clock: Clock) {
    this.#since = clock.now()
    this.#link = link
    this.#events = events
    this.#delivery = new Delivery(clock.defer)
    link.attach(this)
  }

  /** For how long somebody has waited for it: for its first word, or for its going. */
  waitedMs(now: number): number {
    return now - (this.#since ?? now)
  }

  /** Reads, although nobody has attached to it. */
  look(): void {
    this.#link.resume()
  }

  /** The link as if it were new: what has been read comes first. */
  letIn(): LookedAtLink {
    this.#stage = 'let in'
    this.#since = undefined
    this.#link.pause()
    return new LookedAtLink(this.#link, this.#delivery)
  }

  /** Says a last word to who waits. Whatever comes from now on is dropped. */
  turnAway(now: number, answer: Uint8Array | undefined, reason: CloseReason | undefined): void {
    this.#stage = 'turned away'
    this.#since = now
    if (answer) this.#link.write(answer)
    this.#link.end(reason)
  }

  /** Breaks off with who was let in, or does not go. */
  cutOff(reason?: CloseReason): void {
    this.#stage = 'turned away'
    if (reason) this.#delivery.close(reason)
    this.#link.abort()
  }

  // What the link below calls.

  data(chunk: string | Uint8Array): void {
    if (this.#stage === 'turned away') return
    const bytes = typeof chunk === 'string' ? encoder.encode(chunk) : chunk
    if (!this.#first) {
      this.#delivery.data(bytes)
      return
    }
    const first = this.#first.length === 0 ? bytes : concatBytes([this.#first, bytes])
    const protocol = recognise(first)
    if (protocol === 'http' || protocol === 'tls') {
      // Nobody is to have a byte of it.
      this.#first = undefined
      this.#events.strange(this, protocol, first)
      return
    }
    this.#first = protocol === 'unclear' ? first : undefined
    this.#delivery.data(bytes)
    if (!this.#first && this.#stage === 'waiting') this.#events.ordinary(this)
  }

  signal(name: string, payload: unknown): void {
    this.#delivery.signal(name, payload)
  }

  end(): void {
    this.#delivery.end()
    if (this.#stage === 'waiting') this.#events.ordinary(this)
  }

  drain(): void {
    this.#delivery.drain()
  }

  close(reason: CloseReason): void {
    if (this.#stage !== 'turned away') this.#delivery.close(reason)
    this.#events.gone(this)
  }
}
