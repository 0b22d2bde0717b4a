import type { Descriptor } from './descriptor.ts'
import type { EfunContext } from './efun-context.ts'

const FIRST_WAIT_MS = 10
const LONGEST_WAIT_MS = 1_000

/**
 * Calls the listen callback when a connection waits to be accepted: once for each that arrives, and again while one is
 * left untaken. MudOS does that in a busy loop; here the waits grow, from 10 ms to a second.
 */
export class Arrivals {
  readonly #context: EfunContext
  readonly #descriptor: Descriptor
  #waitMs = FIRST_WAIT_MS
  #isPlanned = false

  constructor(context: EfunContext, descriptor: Descriptor) {
    this.#context = context
    this.#descriptor = descriptor
  }

  /** A connection has arrived, or there is somebody now who might take those that have. */
  readonly arrived = (): void => {
    if (this.#waiting === 0) return
    this.#descriptor.owner.owner.run('listen', () => this.#call())
  }

  /** How many there are for the listen callback. */
  get #waiting(): number {
    const { state, endpoint } = this.#descriptor
    return state === 'LISTEN' && endpoint.kind === 'listener' ? endpoint.socket.waiting : 0
  }

  #call(): void {
    const descriptor = this.#descriptor
    if (this.#waiting === 0) return
    const before = descriptor.accepted
    try {
      descriptor.owner.call(descriptor.read, descriptor.number)
    } finally {
      if (descriptor.accepted > before || this.#waiting === 0) this.#waitMs = FIRST_WAIT_MS
      if (this.#waiting > 0) this.#callAgain(descriptor.accepted > before)
    }
  }

  #callAgain(soon: boolean): void {
    if (this.#isPlanned) return
    this.#isPlanned = true
    const { clock } = this.#context.settings
    const again = (): void => {
      this.#isPlanned = false
      this.arrived()
    }
    if (soon) {
      clock.defer(again)
      return
    }
    clock.schedule(again, this.#waitMs)
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS)
  }
}
