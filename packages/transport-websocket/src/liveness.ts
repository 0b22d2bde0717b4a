/** Something that may fall silent. */
export interface Living {
  /** Liveness is judged only while it reads: what a paused link does not hear proves nothing. */
  readonly isReading: boolean
  /** Grows with everything that is heard. */
  readonly heard: number
  ping(): void
  presumeDead(): void
}

/** So many silent intervals after each other, and the peer is gone. */
const SILENT_INTERVALS = 3

interface Watch {
  heard: number
  silent: number
}

/** One timer for all links of a listener: a timer for each would cost memory while nothing happens. */
export class Liveness {
  readonly #intervalMs: number
  readonly #watched = new Map<Living, Watch>()
  #timer: NodeJS.Timeout | undefined

  /** `intervalMs` 0 watches nobody. */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
  }

  watch(link: Living): void {
    if (this.#intervalMs === 0) return
    this.#watched.set(link, { heard: link.heard, silent: 0 })
    this.#timer ??= setInterval(() => this.#look(), this.#intervalMs).unref()
  }

  forget(link: Living): void {
    this.#watched.delete(link)
    if (this.#watched.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    for (const [link, watch] of this.#watched) {
      const { heard } = link
      watch.silent = link.isReading && heard === watch.heard ? watch.silent + 1 : 0
      watch.heard = heard
      if (watch.silent >= SILENT_INTERVALS) link.presumeDead()
      else if (watch.silent > 0) link.ping()
    }
  }
}
