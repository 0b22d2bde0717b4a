/** Where everything that happens in a scene is told, and what waits for it. */
export class Waiting {
  readonly #patienceMs: number
  readonly #looks = new Set<() => void>()

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs
  }

  /** Something has happened. */
  readonly changed = (): void => {
    for (const look of this.#looks) look()
  }

  /** Waits until it is so, and looks again at every event. */
  async until(what: string, holds: () => boolean): Promise<void> {
    if (holds()) return
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        this.#looks.delete(look)
      }
      const look = (): void => {
        if (!holds()) return
        stop()
        resolve()
      }
      const timer = setTimeout(() => {
        stop()
        reject(this.#inVain(what))
      }, this.#patienceMs)
      this.#looks.add(look)
    })
  }

  /** Waits for what no event tells of, and looks again at every turn of the event loop. */
  async eventually(what: string, holds: () => boolean): Promise<void> {
    const latest = Date.now() + this.#patienceMs
    while (!holds()) {
      if (Date.now() > latest) throw this.#inVain(what)
      await turn()
    }
  }

  #inVain(what: string): Error {
    return new Error(`Waited ${this.#patienceMs} ms in vain for ${what}.`)
  }
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
