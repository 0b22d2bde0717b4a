import type { Clock } from './clock.ts'

/** Something with a deadline that need not be exact. */
export interface Swept {
  /** Looks at its deadline. False: it need not be looked at again. */
  sweep(now: number): boolean
}

const INTERVAL_MS = 1_000

/** One coarse timer for everything that waits: a timer for each connection would cost memory while nothing happens. */
export class Sweep {
  readonly #clock: Clock
  readonly #waiting = new Set<Swept>()
  /** The timer runs out by itself: to cancel and start one for every connection that closes would cost more. */
  #planned = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(item: Swept): void {
    this.#waiting.add(item)
    this.#plan()
  }

  delete(item: Swept): void {
    this.#waiting.delete(item)
  }

  readonly #run = (): void => {
    this.#planned = false
    const now = this.#clock.now()
    for (const item of this.#waiting) if (!item.sweep(now)) this.#waiting.delete(item)
    if (this.#waiting.size > 0) this.#plan()
  }

  #plan(): void {
    if (this.#planned) return
    this.#planned = true
    this.#clock.schedule(this.#run, INTERVAL_MS)
  }
}
