import type { Address } from '../address.ts'
import type { CloseOptions, CloseReason } from '../close-reason.ts'
import { decodeUtf8, encodeUtf8 } from '../environment.ts'
import { asBytes, concatBytes } from '../utf8.ts'
import { MemoryEnd, type WireItem } from './memory-end.ts'

/** What the far end is like. */
export interface PeerOptions {
  /** Keep the connection half open until `close` is called, as a lazy or hostile client does. Default false. */
  readonly lazy?: boolean
  /** Reads nothing before `unstall`. Default false. */
  readonly stalled?: boolean
}

/**
 * The far end of a connection in memory, moved by a test: it sends, stalls, ends and breaks the connection exactly
 * when it is told to, and remembers everything that it was sent.
 */
export class MemoryPeer extends MemoryEnd {
  protected override readonly scripted = true
  readonly address: Address
  /** What arrived, chunk for chunk. */
  readonly chunks: (string | Uint8Array)[] = []
  /** The signals that arrived. */
  readonly signals: { readonly name: string; readonly payload: unknown }[] = []
  /** The other side has ended the connection; everything before that has arrived. */
  ended = false
  /** Why the connection is gone: what the other side said, or `reset`. */
  closed: CloseReason | undefined
  /** Called whenever something has arrived, or the connection has ended. */
  onChange: (() => void) | undefined
  readonly #defer: (task: () => void) => void
  readonly #lazy: boolean
  #stalled: boolean
  #finished = false

  constructor(address: Address, defer: (task: () => void) => void, options: PeerOptions = {}) {
    super()
    this.address = address
    this.#defer = defer
    this.#lazy = options.lazy ?? false
    this.#stalled = options.stalled ?? false
  }

  /** Everything that arrived, as text. */
  get text(): string {
    const { bytes } = this
    return decodeUtf8(bytes, 0, bytes.byteLength)
  }

  /** Everything that arrived, as bytes. */
  get bytes(): Uint8Array {
    return concatBytes([new Uint8Array(0), ...this.chunks.map((chunk) => asBytes(chunk, 0))])
  }

  /** Bytes that were sent and that the other side has not read. */
  get unsent(): number {
    return this.underWay
  }

  /** Sends a chunk, or one message. */
  send(chunk: string | Uint8Array): void {
    this.#send({ type: 'data', chunk })
  }

  /** Sends it in pieces of `size` bytes. */
  drip(data: string | Uint8Array, size = 1): void {
    const bytes = typeof data === 'string' ? encodeUtf8(data) : data
    for (let start = 0; start < bytes.byteLength; start += size) this.send(bytes.slice(start, start + size))
  }

  /** Sends chunks that the other side has read at once: pausing in between holds none of them back. */
  burst(chunks: readonly (string | Uint8Array)[]): void {
    if (!this.#finished) this.sendBurst(chunks.map((chunk) => ({ type: 'data', chunk })))
  }

  /** Sends a signal, in its place among the data. */
  signal(name: string, payload: unknown): void {
    this.#send({ type: 'signal', name, payload })
  }

  /** Finishes sending, and goes on reading. */
  end(): void {
    this.#sendLast({ type: 'end' })
  }

  /** Closes cleanly, behind what was sent. */
  close(options: CloseOptions = {}): void {
    this.#sendLast({ type: 'close', reason: { by: 'remote', kind: 'end', code: 'end', ...options } })
  }

  /** Breaks the connection: what is under way in either direction is lost. */
  reset(): void {
    this.closed ??= { by: 'local', kind: 'abort', code: 'reset' }
    this.onChange?.()
    this.#finished = true
    this.breakOff(new Error('The peer has reset the connection.'))
  }

  /** Reads nothing until `unstall`: what is written piles up at the writer. */
  stall(): void {
    this.#stalled = true
  }

  /** Reads again, what was held first. */
  unstall(): void {
    this.#stalled = false
    this.pump()
  }

  protected override drained(): void {}

  protected override broken(error: Error | undefined): void {
    this.forget()
    this.#finished = true
    this.closed ??= { by: 'remote', kind: 'abort', code: 'reset', ...(error && { error }) }
    this.onChange?.()
  }

  protected override get takes(): boolean {
    return !this.#stalled
  }

  protected override take(item: WireItem): void {
    switch (item.type) {
      case 'data':
        this.chunks.push(item.chunk)
        break
      case 'signal':
        this.signals.push({ name: item.name, payload: item.payload })
        break
      case 'close':
        this.closed ??= item.reason
        this.#sawEnd()
        break
      case 'end':
        this.#sawEnd()
    }
    this.onChange?.()
  }

  #sawEnd(): void {
    this.ended = true
    if (!this.#lazy && !this.#finished) this.#defer(() => this.#finished || this.close())
  }

  #send(item: WireItem): void {
    if (!this.#finished) this.sendItem(item)
  }

  #sendLast(item: WireItem): void {
    if (this.#finished) return
    this.#finished = true
    this.sendItem(item)
  }
}
