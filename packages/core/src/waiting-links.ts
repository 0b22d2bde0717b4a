import type { CloseReason } from './close-reason.ts'
import type { Context } from './context.ts'
import { Linger } from './linger.ts'
import type { EndpointInfo } from './observer.ts'
import type { Swept } from './sweep.ts'
import type { Link } from './transport.ts'

/** So long may a connection wait to be taken. */
const LONGEST_WAIT_MS = 60_000

/** Why a link is refused, and the code that a WebSocket says it with. */
const REFUSALS = {
  'listener-closed': 1001,
  policy: 1008,
  'queue-full': 1013,
  'waited-too-long': 1013,
} as const

interface Waiting {
  readonly link: Link
  readonly since: number
}

/** The connections that nobody takes yet: unread, in their order, so many and for so long and no more. */
export class WaitingLinks implements Swept {
  readonly #context: Context
  readonly #limit: number
  readonly #listener: () => EndpointInfo
  readonly #waiting: Waiting[] = []

  /** `listener` tells whose they are, for observers. */
  constructor(context: Context, limit: number, listener: () => EndpointInfo) {
    this.#context = context
    this.#limit = limit
    this.#listener = listener
  }

  get length(): number {
    return this.#waiting.length
  }

  /** Lets a link wait, or refuses it where there is no room. */
  push(link: Link): void {
    if (this.#waiting.length >= this.#limit) {
      this.refuse(link, 'queue-full')
      return
    }
    this.#waiting.push({ link, since: this.#context.clock.now() })
    this.#context.sweep.add(this)
  }

  /** The link that waits longest. */
  shift(): Link | undefined {
    const next = this.#waiting.shift()
    if (this.#waiting.length === 0) this.#context.sweep.delete(this)
    return next?.link
  }

  refuseAll(): void {
    for (let link = this.shift(); link; link = this.shift()) this.refuse(link, 'listener-closed')
  }

  /** Ends a link that nobody will get. It says nothing, and need not be attached for that. */
  refuse(link: Link, code: keyof typeof REFUSALS): void {
    const { turns, sweep, clock, observing } = this.#context
    const reason: CloseReason = { by: 'local', kind: 'end', code, wire: REFUSALS[code] }
    turns.busy += 1
    try {
      link.end(reason)
    } catch {
      // It is being got rid of anyway.
    }
    turns.busy -= 1
    sweep.add(new Linger(link, reason, clock.now(), () => {}))
    if (observing) this.#context.tell('refused', link.remote, this.#listener(), reason)
  }

  sweep(now: number): boolean {
    for (let next = this.#waiting[0]; next && now - next.since >= LONGEST_WAIT_MS; next = this.#waiting[0]) {
      this.#waiting.shift()
      this.refuse(next.link, 'waited-too-long')
    }
    return this.#waiting.length > 0
  }
}
