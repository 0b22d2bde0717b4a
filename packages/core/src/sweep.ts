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
  #cancel: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(item: Swept): void {
    this.#waiting.add(item)
    this.#cancel ??= this.#clock.schedule(this.#run, INTERVAL_MS)
  }

  delete(item: Swept): void {
    if (!this.#waiting.delete(item) || this.#waiting.size > 0) return
    this.#cancel?.()
    this.#cancel = undefined
  }

  readonly #run = (): void => {
    this.#cancel = undefined
    const now = this.#clock.now()
    for (const item of this.#waiting) if (!item.sweep(now)) this.#waiting.delete(item)
    if (this.#waiting.size > 0) this.#cancel ??= this.#clock.schedule(this.#run, INTERVAL_MS)
  }
}
