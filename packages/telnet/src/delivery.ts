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
  /** There only while something is held, from `#next` on. */
  #held: Item[] | undefined
  #next = 0
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
    return this.#held?.some(({ type }, index) => index >= this.#next && type === 'data') === true
  }

  attach(sink: LinkSink): void {
    this.#sink = sink
    this.plan()
  }

  resume(): void {
    this.#isReading = true
    if (this.#held) this.plan()
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
    const close = this.#held?.find(({ type }) => type === 'close')
    this.drop()
    if (!close) return
    this.#held = [close]
    this.plan()
  }

  data(bytes: Uint8Array): void {
    if (this.isStraight) this.#sink?.data(bytes)
    else this.hold({ type: 'data', bytes })
  }

  signal(name: string, payload: unknown): void {
    if (this.isStraight) this.#sink?.signal(name, payload)
    else this.hold({ type: 'signal', name, payload })
  }

  end(): void {
    this.hold({ type: 'end' })
  }

  /** A clean close waits its turn; any other takes effect at once. */
  close(reason: CloseReason): void {
    if (reason.kind !== 'end') this.drop()
    this.hold({ type: 'close', reason })
  }

  /** What was written has gone. Never called inside a call. */
  drain(): void {
    if (!this.#isEnding && !this.#isClosed) this.#sink?.drain()
  }

  /** Delivers what is held, as far as somebody reads. */
  flush(): void {
    for (
      let item = this.#held?.[this.#next];
      item && this.mayDeliver(item);
      item = this.#held?.[this.#next]
    ) {
      this.#next += 1
      if (this.#next === this.#held?.length) this.drop()
      this.deliver(item)
    }
  }

  private drop(): void {
    this.#held = undefined
    this.#next = 0
  }

  private get isStraight(): boolean {
    return (
      this.#isReading && this.#calls === 0 && this.#held === undefined && !this.#isEnding && !this.#isClosed
    )
  }

  private hold(item: Item): void {
    if (this.#isClosed || (this.#isEnding && item.type !== 'close')) return
    this.#held ??= []
    this.#held.push(item)
    if (this.#calls > 0) this.plan()
    else this.flush()
  }

  private mayDeliver(item: Item): boolean {
    if (!this.#sink || this.#calls > 0) return false
    return this.#isReading || this.#isEnding || (item.type === 'close' && item.reason.kind !== 'end')
  }

  private deliver(item: Item): void {
    const sink = this.#sink
    if (item.type === 'data') sink?.data(item.bytes)
    else if (item.type === 'signal') sink?.signal(item.name, item.payload)
    else if (item.type === 'end') sink?.end()
    else {
      this.#isClosed = true
      this.drop()
      sink?.close(item.reason)
    }
  }

  private plan(): void {
    if (this.#planned) return
    this.#planned = true
    this.#defer(() => {
      this.#planned = false
      this.flush()
    })
  }
}
