import type { Clock } from '@mudwire/core'

const MOST = 100
/** So long does it take to get back what one step costs. */
const REST_MS = 1_000

/** The steps that somebody has in them. They come back by themselves, and nothing runs meanwhile. */
export class Energy {
  readonly most: number = MOST
  readonly #now: Clock['now']
  /** When it will be whole again. */
  #wholeAt: number

  constructor(clock: Pick<Clock, 'now'>) {
    this.#now = clock.now
    this.#wholeAt = clock.now()
  }

  get left(): number {
    return MOST - Math.ceil(this.#missing / REST_MS)
  }

  /** Takes a step. False where there is none left. */
  step(): boolean {
    if (this.left < 1) return false
    this.#wholeAt = this.#now() + this.#missing + REST_MS
    return true
  }

  get #missing(): number {
    return Math.max(0, this.#wholeAt - this.#now())
  }
}
