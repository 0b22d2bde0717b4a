/** Something that may fall silent. */
export interface Living {
  /** Liveness is judged only while it reads: what a paused link does not hear proves nothing. */
  readonly isReading: boolean
  /** Grows with everything that is heard. */
  readonly heard: number
  /** Two notes of who watches it, which begin with 0. */
  heardBefore: number
  silentIntervals: number
  ping(): void
  presumeDead(): void
}

/** So many silent intervals after each other, and the peer is gone. */
const SILENT_INTERVALS = 3

/** One timer for all links of a listener: a timer for each would cost memory while nothing happens. */
export class Liveness {
  readonly #intervalMs: number
  readonly #watched = new Set<Living>()
  #timer: NodeJS.Timeout | undefined

  /** `intervalMs` 0 watches nobody. */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
  }

  watch(link: Living): void {
    if (this.#intervalMs === 0) return
    link.heardBefore = link.heard
    this.#watched.add(link)
    this.#timer ??= setInterval(() => this.#look(), this.#intervalMs).unref()
  }

  forget(link: Living): void {
    this.#watched.delete(link)
    if (this.#watched.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    for (const link of this.#watched) {
      const { heard } = link
      link.silentIntervals = link.isReading && heard === link.heardBefore ? link.silentIntervals + 1 : 0
      link.heardBefore = heard
      if (link.silentIntervals >= SILENT_INTERVALS) link.presumeDead()
      else if (link.silentIntervals > 0) link.ping()
    }
  }
}
