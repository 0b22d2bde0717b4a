import { type AnySocketHandlers, modeOf } from './handlers.ts'
import type { Mode } from './reader.ts'
import type { StreamEndpoint } from './stream-endpoint.ts'

/** Who reads on demand: an item leaves the held input only while it is wanted. */
export interface Demand {
  readonly wanted: boolean
  /** Somebody else reads now: another handler of this owner, or another owner. */
  lost(): void
}

type Reading = Exclude<Mode, 'none'>

/** A socket read with `for await`. It takes the place of the reading handler. */
export class Pull<Item> implements AsyncIterableIterator<Item>, Demand {
  readonly #endpoint: StreamEndpoint
  readonly #others: AnySocketHandlers
  readonly #waiting: ((result: IteratorResult<Item, undefined>) => void)[] = []
  #done = false

  /** `others` are the handlers for everything but the data. Throws a TypeError where they read as well. */
  constructor(endpoint: StreamEndpoint, mode: Reading, others: AnySocketHandlers) {
    if (modeOf(others) !== 'none') {
      throw new TypeError('What is read with an iterator is not read with line, text or bytes as well.')
    }
    this.#endpoint = endpoint
    this.#others = others
    const handlers: AnySocketHandlers = {
      [mode]: (item: Item) => this.#give(item),
      signal: (signal, socket) => others.signal?.(signal, socket),
      drain: (socket) => others.drain?.(socket),
      close: (reason, socket) => {
        this.lost()
        others.close?.(reason, socket)
      },
      ...(others.end && { end: (socket) => this.#ended(() => others.end?.(socket)) }),
    }
    endpoint.readOnDemand(handlers, mode, this)
  }

  get wanted(): boolean {
    return this.#waiting.length > 0
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    if (this.#done || this.#endpoint.isOver) return Promise.resolve(DONE)
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#endpoint.refresh()
    })
  }

  /** Ends the loop, by `break` or by an error in it. What is held stays held, for whoever reads next. */
  return(): Promise<IteratorResult<Item, undefined>> {
    if (!this.#done) {
      this.lost()
      this.#endpoint.readOnDemand(this.#others, 'none', undefined)
    }
    return Promise.resolve(DONE)
  }

  lost(): void {
    this.#done = true
    for (const resolve of this.#waiting.splice(0)) resolve(DONE)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #give(value: Item): void {
    this.#waiting.shift()?.({ done: false, value })
    // The next item is for the next `next`.
    if (this.#waiting.length === 0) this.#endpoint.refresh()
  }

  #ended(tell: () => void): void {
    this.lost()
    tell()
  }
}

const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined })
