import fc from 'fast-check'
import type { CloseReason, Layer, Link, LinkSink } from '../../src/index.ts'

/**
 * What a link does that no link should. Inside a call that is made on it, it does so before what it was called for;
 * `throw` is instead of that, and `throwAfter` behind it.
 */
const RUDENESS = ['deliver', 'drain', 'end', 'close', 'reset'] as const
export type Rudeness = (typeof RUDENESS)[number]
export type Fault = Rudeness | 'throw' | 'throwAfter'

/** One entry for each call that core makes on the link. Those that throw are rare: they end what a run can show. */
export const faults: fc.Arbitrary<Fault[][]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Fault[]>([]) },
    { weight: 6, arbitrary: fc.constantFrom<Fault[]>(['deliver'], ['drain'], ['deliver', 'drain']) },
    {
      weight: 1,
      arbitrary: fc.array(fc.constantFrom<Fault[]>(...RUDENESS, 'throw', 'throwAfter'), { maxLength: 4 }),
    },
  ),
  { maxLength: 30 },
)

/** Rude all by itself, from outside or while a handler runs. */
export const rudeness: fc.Arbitrary<Rudeness> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Rudeness>('deliver', 'drain') },
  { weight: 1, arbitrary: fc.constantFrom<Rudeness>(...RUDENESS) },
)

/** Thrown by a link. */
class LinkFault extends Error {}

type Item =
  | { readonly type: 'data'; readonly chunk: string | Uint8Array }
  | { readonly type: 'signal'; readonly name: string; readonly payload: unknown }
  | { readonly type: 'end' }
  | { readonly type: 'close'; readonly reason: CloseReason }

const JUNK: Item = { type: 'data', chunk: 'from nowhere' }
const CLEAN: CloseReason = { by: 'remote', kind: 'end', code: 'end' }
const RESET: CloseReason = { by: 'remote', kind: 'abort', code: 'reset' }

/** A layer whose one link misbehaves as it is told to; `defer` is where its polite moments happen. */
export function faulty(
  plan: readonly (readonly Fault[])[],
  defer: (task: () => void) => void,
  made: (link: FaultyLink) => void,
): Layer {
  return (link) => {
    const rude = new FaultyLink(link, plan, defer)
    made(rude)
    return rude
  }
}

/**
 * A link that reads ahead: what has come it has in its hand, and may give to core when it should not. It keeps to the
 * order of what it read, because nobody above could know a better one; otherwise it keeps to nothing.
 */
export class FaultyLink implements Link {
  /** Bytes and signals that core was given before the first end or close: this is what owners must read. */
  bytes = 0
  signals = 0
  /** It threw, or closed uncleanly: what core held, and what was under way, may be lost. */
  broken = false
  /** It closed of its own accord: nothing that is written arrives any more. */
  gone = false
  readonly #link: Link
  readonly #plan: (readonly Fault[])[]
  readonly #defer: (task: () => void) => void
  readonly #read: Item[] = []
  #sink: LinkSink | undefined
  #reading = false
  /** Only its close is still to be told, and soon. */
  #hurries = false
  /** Core has ended it. */
  #ended = false
  /** Core was given an end or a close. */
  #over = false

  constructor(link: Link, plan: readonly (readonly Fault[])[], defer: (task: () => void) => void) {
    this.#link = link
    this.#plan = [...plan]
    this.#defer = defer
    link.attach({
      data: (chunk) => this.#arrived({ type: 'data', chunk }),
      signal: (name, payload) => this.#arrived({ type: 'signal', name, payload }),
      end: () => this.#arrived({ type: 'end' }),
      drain: () => this.#sink?.drain(),
      close: (reason) => this.#arrived({ type: 'close', reason }),
    })
    link.resume()
  }

  get shape(): Link['shape'] {
    return this.#link.shape
  }
  get halfClose(): boolean {
    return this.#link.halfClose
  }
  get encoding(): string {
    return this.#link.encoding
  }
  get local(): Link['local'] {
    return this.#link.local
  }
  get remote(): Link['remote'] {
    return this.#link.remote
  }
  get facts(): Link['facts'] {
    return this.#link.facts
  }
  get buffered(): number {
    return this.#link.buffered
  }

  // What core calls.

  attach(sink: LinkSink): void {
    this.#sink = sink
    this.#called(() => this.#passOnLater())
  }

  write(chunk: string | Uint8Array): boolean {
    return this.#called(() => this.#link.write(chunk))
  }

  signal(name: string, payload: unknown): boolean {
    return this.#called(() => this.#link.signal?.(name, payload) ?? false)
  }

  pause(): void {
    this.#called(() => {
      this.#reading = false
    })
  }

  resume(): void {
    this.#called(() => {
      this.#reading = true
      this.#passOnLater()
    })
  }

  end(reason?: CloseReason): void {
    this.#called(() => {
      this.#ended = true
      this.#hurries = true
      this.#link.end(reason)
      this.#passOnLater()
    })
  }

  abort(error?: Error): void {
    this.#called(() => this.#link.abort(error))
  }

  /** Misbehaves at the next call that has no plan yet. */
  plan(faults: readonly Fault[]): void {
    this.#plan.push(faults)
  }

  /** Is rude without having been called. */
  be(fault: Rudeness): void {
    const sink = this.#sink
    if (!sink) return
    switch (fault) {
      case 'deliver':
        // What comes behind the end is nobody's.
        if (this.#read.length > 0 || this.#over) this.#passOn(this.#read.shift() ?? JUNK)
        break
      case 'drain':
        sink.drain()
        break
      case 'end':
        this.#passOn({ type: 'end' })
        break
      case 'close':
        this.gone = true
        this.#defer(() => this.#link.abort())
        this.#passOn({ type: 'close', reason: CLEAN })
        break
      case 'reset':
        this.broken = true
        this.#defer(() => this.#link.abort())
        this.#passOn({ type: 'close', reason: RESET })
    }
  }

  #called<Result>(work: () => Result): Result {
    const faults = this.#plan.shift() ?? []
    for (const fault of faults) {
      if (fault === 'throw') this.#throw()
      if (fault !== 'throwAfter') this.be(fault)
    }
    const result = work()
    if (faults.includes('throwAfter')) this.#throw()
    return result
  }

  #throw(): never {
    this.broken = true
    throw new LinkFault('on purpose')
  }

  #arrived(item: Item): void {
    // A break discards what was to come before it, and waits for nobody.
    const isBreak = item.type === 'close' && item.reason.kind !== 'end'
    if (isBreak) this.#read.length = 0
    this.#read.push(item)
    if (isBreak) this.#hurries = true
    this.#passOnAll()
  }

  #passOnLater(): void {
    this.#defer(() => this.#passOnAll())
  }

  #passOnAll(): void {
    while (this.#sink && (this.#reading || this.#hurries)) {
      const item = this.#read.shift()
      if (!item) return
      if (item.type === 'close' || !this.#ended) this.#passOn(item)
    }
  }

  #passOn(item: Item): void {
    const sink = this.#sink as LinkSink
    switch (item.type) {
      case 'data':
        if (!this.#over)
          this.bytes += typeof item.chunk === 'string' ? item.chunk.length : item.chunk.byteLength
        sink.data(item.chunk)
        break
      case 'signal':
        if (!this.#over) this.signals += 1
        sink.signal(item.name, item.payload)
        break
      case 'end':
        this.#over = true
        sink.end()
        break
      case 'close':
        this.#over = true
        sink.close(item.reason)
    }
  }
}
