import type { CloseReason } from '@mudwire/core'

/** Something under test: what it calls is written down, and held against what is owed at every call. */
export abstract class Checked {
  readonly closes: CloseReason[] = []
  /** What it has done that must not be done. */
  readonly breaches: string[] = []
  /** The call that is being made on it. */
  #inside: string | undefined

  /** Makes a call on it. */
  protected call<Result>(name: string, call: () => Result): Result {
    const outside = this.#inside
    this.#inside = name
    try {
      return call()
    } finally {
      this.#inside = outside
    }
  }

  /** It calls: never inside a call that is made on it, and never behind its close. */
  protected check(name: string): void {
    if (this.#inside) this.breaches.push(`${name} inside ${this.#inside}`)
    if (this.closes.length > 0) this.breaches.push(`${name} after the close`)
  }
}
