/** What the runner saw, in the form of the recordings. */
export interface Seen {
  readonly step: number
  readonly [field: string]: unknown
}

interface Frame {
  /** Logged as soon as something else is, or not at all. */
  readonly begin: Readonly<Record<string, unknown>>
  isLogged: boolean
}

/**
 * Writes events down as the recordings have them: an efun during which nothing happened is one line, another has a
 * beginning and an end; a callback has an end only where something lies between.
 */
export class Log {
  readonly events: Seen[] = []
  step = 0
  readonly #open: Frame[] = []

  add(event: Readonly<Record<string, unknown>>): void {
    for (const frame of this.#open) {
      if (frame.isLogged) continue
      frame.isLogged = true
      this.events.push({ step: this.step, ...frame.begin })
    }
    this.events.push({ step: this.step, ...event })
  }

  /**
   * Something begins; the result says how it went. `abandon` is for what will never have an end, `detach` for what goes on
   * while other things happen that it does not lead to.
   */
  begin(begin: Readonly<Record<string, unknown>>): {
    end(whole: object, end: object): void
    abandon(): void
    detach(): void
  } {
    const frame: Frame = { begin, isLogged: false }
    this.#open.push(frame)
    return {
      end: (whole, end) => {
        this.#leave(frame)
        this.add(frame.isLogged ? { ...end } : { ...whole })
      },
      abandon: () => {
        if (!frame.isLogged) {
          frame.isLogged = true
          this.#leave(frame)
          this.add(begin)
        } else this.#leave(frame)
      },
      detach: () => this.#leave(frame),
    }
  }

  /** A callback begins; the returned function ends it. */
  callback(event: Readonly<Record<string, unknown>>, end: Readonly<Record<string, unknown>>): () => void {
    this.add(event)
    const frame: Frame = { begin: {}, isLogged: true }
    this.#open.push(frame)
    const before = this.events.length
    return () => {
      this.#leave(frame)
      if (this.events.length > before) this.add(end)
    }
  }

  /** What a callback that was broken off has left open is closed with it. */
  leaveTo(depth: number): void {
    this.#open.length = depth
  }

  get depth(): number {
    return this.#open.length
  }

  #leave(frame: Frame): void {
    const at = this.#open.indexOf(frame)
    if (at >= 0) this.#open.length = at
  }
}
