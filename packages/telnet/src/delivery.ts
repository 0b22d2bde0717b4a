import type { CloseReason, LinkSink } from '@mudwire/core'

type Item =
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  | { readonly type: 'signal'; readonly name: string; readonly payload: unknown }
  | { readonly type: 'end' }
  | { readonly type: 'close'; readonly reason: CloseReason }

/**
 * What goes to the sink, in its order. What comes up before the sink wants anything, or inside a call that is made on the
 * link, is held and delivered later.
 */
export class Delivery {
  readonly #defer: (task: () => void) => void
  #sink: LinkSink | undefined
  #isReading = false
  #held: Item[] = []
  #planned = false
  /** Calls on the link that are on the stack. */
  #calls = 0
  /** We have ended: the peer's close is all that is told. */
  #isEnding = false
  #isClosed = false

  constructor(defer: (task: () => void) => void) {
    this.#defer = defer
  }

  /** Data waits here until somebody reads. */
  get holdsData(): boolean {
    return this.#held.some(({ type }) => type === 'data')
  }

  attach(sink: LinkSink): void {
    this.#sink = sink
    this.#plan()
  }

  resume(): void {
    this.#isReading = true
    if (this.#held.length > 0) this.#plan()
  }

  pause(): void {
    this.#isReading = false
  }

  /** Whatever is told while `call` runs waits for a later turn. */
  insideCall<Result>(call: () => Result): Result {
    this.#calls += 1
    try {
      return call()
    } finally {
      this.#calls -= 1
    }
  }

  /** Only the close is told from now on. */
  ending(): void {
    this.#isEnding = true
    this.#held = this.#held.filter(({ type }) => type === 'close')
    if (this.#held.length > 0) this.#plan()
  }

  data(bytes: Uint8Array): void {
    if (this.#isStraight) this.#sink?.data(bytes)
    else this.#hold({ type: 'data', bytes })
  }

  signal(name: string, payload: unknown): void {
    if (this.#isStraight) this.#sink?.signal(name, payload)
    else this.#hold({ type: 'signal', name, payload })
  }

  end(): void {
    this.#hold({ type: 'end' })
  }

  /** A clean close waits its turn; any other takes effect at once. */
  close(reason: CloseReason): void {
    if (reason.kind !== 'end') this.#held = []
    this.#hold({ type: 'close', reason })
  }

  /** What was written has gone. Never called inside a call. */
  drain(): void {
    if (!this.#isEnding && !this.#isClosed) this.#sink?.drain()
  }

  /** Delivers what is held, as far as somebody reads. */
  flush(): void {
    while (this.#held.length > 0 && this.#mayDeliver(this.#held[0] as Item))
      this.#deliver(this.#held.shift() as Item)
  }

  get #isStraight(): boolean {
    return (
      this.#isReading && this.#calls === 0 && this.#held.length === 0 && !this.#isEnding && !this.#isClosed
    )
  }

  #hold(item: Item): void {
    if (this.#isClosed || (this.#isEnding && item.type !== 'close')) return
    this.#held.push(item)
    if (this.#calls > 0) this.#plan()
    else this.flush()
  }

  #mayDeliver(item: Item): boolean {
    if (!this.#sink || this.#calls > 0) return false
    return this.#isReading || this.#isEnding || (item.type === 'close' && item.reason.kind !== 'end')
  }

  #deliver(item: Item): void {
    const sink = this.#sink
    if (item.type === 'data') sink?.data(item.bytes)
    else if (item.type === 'signal') sink?.signal(item.name, item.payload)
    else if (item.type === 'end') sink?.end()
    else {
      this.#isClosed = true
      this.#held = []
      sink?.close(item.reason)
    }
  }

  #plan(): void {
    if (this.#planned) return
    this.#planned = true
    this.#defer(() => {
      this.#planned = false
      this.flush()
    })
  }
}
