import type { Address } from '../address.ts'
import type { CloseReason } from '../close-reason.ts'
import type { Link, LinkFacts, LinkSink } from '../transport.ts'
import { MemoryEnd, type WireItem } from './memory-end.ts'

/** What the links of a memory transport are like. */
export interface LinkTraits {
  readonly shape: 'stream' | 'message'
  readonly text: 'message' | 'stream'
  readonly halfClose: boolean
  readonly stickySignals: ReadonlySet<string>
  readonly facts: LinkFacts
}

type State = 'open' | 'ending' | 'closed'

/** The near end of a connection in memory: a link like any other. */
export class MemoryLink extends MemoryEnd implements Link {
  protected override readonly scripted = false
  readonly local: Address
  readonly remote: Address
  readonly #traits: LinkTraits
  readonly #defer: (task: () => void) => void
  #sink: LinkSink | undefined
  #reading = false
  #state: State = 'open'
  /** The peer has finished sending. */
  #peerEnded = false
  /** What was under way when the connection broke. */
  #lost = 0
  /** A write returned false, and the drain is to follow. */
  #owesDrain = false
  /** A close that came before there was a sink. */
  #untold: CloseReason | undefined

  constructor(traits: LinkTraits, local: Address, remote: Address, defer: (task: () => void) => void) {
    super()
    this.#traits = traits
    this.local = local
    this.remote = remote
    this.#defer = defer
  }

  get shape(): 'stream' | 'message' {
    return this.#traits.shape
  }

  get text(): 'message' | 'stream' {
    return this.#traits.text
  }

  get halfClose(): boolean {
    return this.#traits.halfClose
  }

  get encoding(): string {
    return 'utf8'
  }

  get facts(): LinkFacts {
    return this.#traits.facts
  }

  get stickySignals(): ReadonlySet<string> {
    return this.#traits.stickySignals
  }

  get buffered(): number {
    return this.#state === 'closed' ? this.#lost : this.underWay
  }

  attach(sink: LinkSink): void {
    this.#sink = sink
    const reason = this.#untold
    if (reason) this.#defer(() => sink.close(reason))
  }

  write(chunk: string | Uint8Array): boolean {
    if (this.#state === 'open') this.sendItem({ type: 'data', chunk })
    this.#owesDrain = this.buffered > 0
    return !this.#owesDrain
  }

  signal(name: string, payload: unknown): boolean {
    if (this.#state !== 'open') return false
    this.sendItem({ type: 'signal', name, payload })
    return true
  }

  pause(): void {
    this.#reading = false
  }

  resume(): void {
    this.#reading = true
    this.#defer(() => this.pump())
  }

  end(reason?: CloseReason): void {
    if (this.#state !== 'open') return
    this.#state = 'ending'
    this.sendItem(reason ? { type: 'close', reason: { ...reason, by: 'remote' } } : { type: 'end' })
    this.#defer(() => this.pump())
    if (this.underWay === 0) this.#endWithPeer()
  }

  abort(error?: Error): void {
    if (this.#state === 'closed') return
    this.#close({ by: 'local', kind: 'abort', code: 'aborted', ...(error && { error }) }, false)
    this.breakOff(error)
  }

  protected override drained(): void {
    if (this.#state === 'ending') this.#endWithPeer()
    if (!this.#owesDrain) return
    this.#owesDrain = false
    const tell = (): void => {
      if (this.#state === 'open') this.#sink?.drain()
    }
    if (this.isEvent) tell()
    else this.#defer(tell)
  }

  protected override broken(error: Error | undefined): void {
    this.#close({ by: 'remote', kind: 'abort', code: 'reset', ...(error && { error }) }, this.isEvent)
  }

  protected override arrived(): void {
    if (this.isEvent) this.pump()
    else this.#defer(() => this.pump())
  }

  protected override get takes(): boolean {
    if (this.#state === 'ending') return true
    return this.#state === 'open' && this.#reading && this.#sink !== undefined
  }

  protected override take(item: WireItem): void {
    const sink = this.#sink
    if (item.type === 'close') this.#closeWithPeer(item.reason)
    else if (item.type === 'end') {
      this.#peerEnded = true
      if (this.#state === 'open' && this.halfClose) sink?.end()
      else this.#closeWithPeer({ by: 'remote', kind: 'end', code: 'end' })
    } else if (this.#state === 'ending') return
    else if (item.type === 'data') sink?.data(item.chunk)
    else sink?.signal(item.name, item.payload)
  }

  /** The peer closes both sides at once; a link at the other end waits for the answer. */
  #closeWithPeer(reason: CloseReason): void {
    if (this.#state === 'open') this.sendItem({ type: 'end' })
    this.#close(reason, true)
  }

  /** Both sides have ended, and everything has arrived: that closes the connection. */
  #endWithPeer(): void {
    if (this.#peerEnded) this.#close({ by: 'local', kind: 'end', code: 'end' }, false)
  }

  /** Inside an event of the network the sink is told at once, inside a call behind it. */
  #close(reason: CloseReason, isEvent: boolean): void {
    if (this.#state === 'closed') return
    if (reason.kind !== 'end') this.#lost = this.underWay
    this.#state = 'closed'
    this.forget()
    const sink = this.#sink
    if (!sink) this.#untold = reason
    else if (isEvent) sink.close(reason)
    else this.#defer(() => sink.close(reason))
  }
}
