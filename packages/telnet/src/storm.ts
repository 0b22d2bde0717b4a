/** So many commands within the window are answered, and so many borne. */
const WINDOW_MS = 10_000
const MOST_ANSWERED = 200
const MOST_BORNE = 1_000

/** Counts commands: who sends too many is not answered any more, and in the end not borne. */
export class Storm {
  #since = 0
  #count = 0

  /** One more has come. `end` is said once in a window. */
  count(now: number): 'answer' | 'ignore' | 'end' {
    if (now - this.#since >= WINDOW_MS) {
      this.#since = now
      this.#count = 0
    }
    this.#count += 1
    if (this.#count === MOST_BORNE) return 'end'
    return this.#count > MOST_ANSWERED ? 'ignore' : 'answer'
  }
}
