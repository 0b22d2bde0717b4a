import type { CloseReason } from './close-reason.ts'
import type { Swept } from './sweep.ts'
import type { Link } from './transport.ts'

/** So long may a link that was ended go on flushing. */
const FLUSH_MS = 30_000
/** So long may it wait for the peer's own end when everything is flushed. */
const PEER_MS = 2_000

/**
 * Watches a link that was ended. A paused or lazy peer must not keep it for ever, and one that reads slowly must get
 * the whole farewell.
 */
export class Linger implements Swept {
  /** Why it was ended. */
  readonly cause: CloseReason
  readonly #link: Link
  readonly #ended: number
  readonly #aborted: (unsent: number) => void
  #flushed: number | undefined

  /** `aborted` is called when time has run out; the link has been aborted then. */
  constructor(link: Link, cause: CloseReason, now: number, aborted: (unsent: number) => void) {
    this.cause = cause
    this.#link = link
    this.#ended = now
    this.#aborted = aborted
  }

  sweep(now: number): boolean {
    const { buffered } = this.#link
    if (buffered > 0) {
      this.#flushed = undefined
      if (now - this.#ended < FLUSH_MS) return true
    } else {
      this.#flushed ??= now
      if (now - this.#flushed < PEER_MS) return true
    }
    try {
      this.#link.abort()
    } catch {
      // It is being got rid of anyway, and others are still to be swept.
    }
    this.#aborted(buffered)
    return false
  }
}
