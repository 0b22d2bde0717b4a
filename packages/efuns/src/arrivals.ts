import type { Descriptor } from './descriptor.ts'
import type { EfunContext } from './efun-context.ts'

const FIRST_WAIT_MS = 10
const LONGEST_WAIT_MS = 1_000

/** So many connections MudOS lets wait, and so many are waited for at most before the first is told of. */
const BACKLOG = 5

/**
 * Calls the listen callback when a connection waits to be accepted, and again while one is left untaken. MudOS does that in
 * a busy loop; here the waits grow, from 10 ms to a second.
 */
export class Arrivals {
  readonly #context: EfunContext
  readonly #descriptor: Descriptor
  #waitMs = FIRST_WAIT_MS
  /** It is called in one of the next turns. */
  #isDue = false
  /** It is called when the wait is over; this stops that. */
  #cancel: (() => void) | undefined

  constructor(context: EfunContext, descriptor: Descriptor) {
    this.#context = context
    this.#descriptor = descriptor
  }

  /** A connection has arrived, or there is somebody now who might take those that have. */
  readonly arrived = (): void => {
    if (this.#isDue || this.#waiting === 0) return
    this.#isDue = true
    this.#callWhenAllAreThere(0)
  }

  /** How many there are for the listen callback. */
  get #waiting(): number {
    const { state, endpoint } = this.#descriptor
    return state === 'LISTEN' && endpoint.kind === 'listener' ? endpoint.socket.waiting : 0
  }

  /**
   * Node accepts one connection a turn, and one callback may accept all that have come at once: so it is called in the first
   * turn in which there is no new one.
   */
  #callWhenAllAreThere(before: number): void {
    this.#context.settings.clock.defer(() => {
      const now = this.#waiting
      if (now > before && now < BACKLOG) this.#callWhenAllAreThere(now)
      else this.#callNow()
    })
  }

  #callNow(): void {
    this.#isDue = false
    this.#cancel?.()
    this.#cancel = undefined
    this.#descriptor.owner.owner.run('listen', () => this.#call())
  }

  #call(): void {
    const descriptor = this.#descriptor
    if (this.#waiting === 0) return
    const before = descriptor.accepted
    try {
      descriptor.owner.call(descriptor.read, descriptor.number)
    } finally {
      if (descriptor.accepted > before) {
        this.#waitMs = FIRST_WAIT_MS
        this.arrived()
      } else this.#callLater()
    }
  }

  #callLater(): void {
    if (this.#waiting === 0) return
    this.#cancel ??= this.#context.settings.clock.schedule(() => this.#callNow(), this.#waitMs)
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS)
  }
}
