import type { Clock, CloseReason, Link, LinkSink } from '@mudwire/core'
import { concatBytes } from '@mudwire/core/internal'
import { Delivery } from '../delivery.ts'
import { LookedAtLink } from './looked-at-link.ts'
import { recognise } from './protocols.ts'

/** Who decides what becomes of a visitor. */
export interface VisitorEvents {
  /** It is not known to be a stranger. */
  ordinary(visitor: Visitor): void
  /** It speaks something else; `first` is what it has said. */
  strange(visitor: Visitor, protocol: 'http' | 'tls', first: Uint8Array): void
  /** Its connection is gone. */
  gone(visitor: Visitor): void
}

const NOTHING = new Uint8Array(0)
const encoder = new TextEncoder()

/** A connection that has just come, and is read until its first bytes say who it is. */
export class Visitor implements LinkSink {
  /** The link that is given on: what has been read comes first. */
  readonly lookedAt: LookedAtLink
  /** When it came, or when it was turned away. */
  since: number
  readonly #link: Link
  readonly #delivery: Delivery
  /** Nobody has to be told any more once it has been let in. */
  #events: VisitorEvents | undefined
  /** What it has said; undefined when nobody looks at it any more. */
  #first: Uint8Array | undefined = NOTHING

  constructor(link: Link, events: VisitorEvents, clock: Clock) {
    this.since = clock.now()
    this.#link = link
    this.#events = events
    this.#delivery = new Delivery(clock.defer)
    this.lookedAt = new LookedAtLink(link, this.#delivery)
    link.attach(this)
    link.resume()
  }

  /** The link is as if it were new. */
  letIn(): void {
    this.#events = undefined
    this.#first = undefined
    this.#link.pause()
  }

  /** Says a last word. Whatever comes from now on is dropped. */
  turnAway(now: number, answer: Uint8Array | undefined, reason: CloseReason | undefined): void {
    this.since = now
    this.#first = undefined
    if (answer) this.#link.write(answer)
    this.lookedAt.end(reason)
  }

  // What the link below calls.

  data(chunk: string | Uint8Array): void {
    const bytes = typeof chunk === 'string' ? encoder.encode(chunk) : chunk
    this.#delivery.data(bytes)
    if (!this.#first) return
    const first = concatBytes([this.#first, bytes])
    const protocol = recognise(first)
    if (protocol === 'unclear') this.#first = first
    else if (protocol === 'neither') this.#events?.ordinary(this)
    else this.#events?.strange(this, protocol, first)
  }

  signal(name: string, payload: unknown): void {
    this.#delivery.signal(name, payload)
  }

  end(): void {
    this.#delivery.end()
    if (this.#first) this.#events?.ordinary(this)
  }

  drain(): void {
    this.#delivery.drain()
  }

  close(reason: CloseReason): void {
    this.#delivery.close(reason)
    this.#events?.gone(this)
  }
}
