import type { Clock } from '@mudwire/core'

/** One coarse timer for many links; it runs only while there are any. */
export class Sweep<Item> {
  readonly #clock: Pick<Clock, 'schedule' | 'now'>
  readonly #intervalMs: number
  readonly #visit: (item: Item, now: number) => boolean
  readonly #items = new Set<Item>()
  #cancel: (() => void) | undefined

  /** `visit` returns false for what need not be visited again. */
  constructor(
    clock: Pick<Clock, 'schedule' | 'now'>,
    intervalMs: number,
    visit: (item: Item, now: number) => boolean,
  ) {
    this.#clock = clock
    this.#intervalMs = intervalMs
    this.#visit = visit
  }

  add(item: Item): void {
    this.#items.add(item)
    this.#plan()
  }

  delete(item: Item): void {
    this.#items.delete(item)
    if (this.#items.size > 0) return
    this.#cancel?.()
    this.#cancel = undefined
  }

  #plan(): void {
    this.#cancel ??= this.#clock.schedule(this.#run, this.#intervalMs)
  }

  readonly #run = (): void => {
    this.#cancel = undefined
    const now = this.#clock.now()
    for (const item of this.#items) if (!this.#visit(item, now)) this.#items.delete(item)
    if (this.#items.size > 0) this.#plan()
  }
}
