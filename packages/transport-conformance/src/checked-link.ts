import type { CloseReason, Link, LinkSink } from '@mudwire/core'
import { bytesOf, sizeOf, textOf } from './bytes.ts'
import { Checked } from './checked.ts'

const WHO: ReadonlySet<string> = new Set<CloseReason['by']>(['local', 'remote', 'transport'])
const KINDS: ReadonlySet<string> = new Set<CloseReason['kind']>([
  'end',
  'abort',
  'timeout',
  'overflow',
  'protocol',
  'error',
])

/** A link under test. */
export class CheckedLink extends Checked {
  readonly link: Link
  readonly chunks: (string | Uint8Array)[] = []
  readonly signals: { readonly name: string; readonly payload: unknown; readonly behind: number }[] = []
  ends = 0
  drains = 0
  /** Bytes that were delivered. */
  size = 0
  /** Looks at each chunk, inside the call. */
  onData: ((chunk: string | Uint8Array) => void) | undefined
  readonly #changed: () => void
  #owesDrain = false
  #closedBy: 'end' | 'abort' | undefined

  constructor(link: Link, changed: () => void) {
    super()
    this.link = link
    this.#changed = changed
  }

  /** Everything that was delivered, as one. */
  get bytes(): Uint8Array {
    return bytesOf(this.chunks)
  }

  get text(): string {
    return textOf(this.chunks)
  }

  /** The peer has ended, or the connection is gone. */
  get isOver(): boolean {
    return this.ends + this.closes.length > 0
  }

  // What a driver calls.

  attach(): this {
    this.call('attach', () => this.link.attach(this.#sink))
    return this
  }

  /** Attaches and reads. */
  read(): this {
    this.attach()
    this.resume()
    return this
  }

  pause(): void {
    this.call('pause', () => this.link.pause())
  }

  resume(): void {
    this.call('resume', () => this.link.resume())
  }

  write(chunk: string | Uint8Array): boolean {
    return this.#answered(this.call('write', () => this.link.write(chunk)))
  }

  /** Undefined where the link prepares no text. */
  writePrepared(text: string): boolean | undefined {
    const { encode, writeEncoded } = this.link
    if (!encode || !writeEncoded) return undefined
    const encoded = encode.call(this.link, text)
    return this.#answered(this.call('writeEncoded', () => writeEncoded.call(this.link, encoded)))
  }

  /** Undefined where the link has no cork. */
  writeTogether(chunks: readonly (string | Uint8Array)[]): boolean | undefined {
    const { cork, uncork } = this.link
    if (!cork || !uncork) return undefined
    this.call('cork', () => cork.call(this.link))
    for (const chunk of chunks) this.call('write', () => this.link.write(chunk))
    return this.#answered(this.call('uncork', () => uncork.call(this.link)))
  }

  signal(name: string, payload: unknown): boolean {
    return this.call('signal', () => this.link.signal?.(name, payload) ?? false)
  }

  end(reason?: CloseReason): void {
    this.#closedBy ??= 'end'
    this.call('end', () => this.link.end(reason))
  }

  abort(error?: Error): void {
    this.#closedBy = 'abort'
    this.call('abort', () => this.link.abort(error))
  }

  #answered(allGone: boolean): boolean {
    if (!allGone) this.#owesDrain = true
    else if (this.link.buffered > 0 && !this.#closedBy)
      this.breaches.push('write said true while something was left')
    return allGone
  }

  // What the link calls.

  readonly #sink: LinkSink = {
    data: (chunk) => {
      this.check('data')
      this.chunks.push(chunk)
      this.size += sizeOf([chunk])
      this.onData?.(chunk)
      this.#changed()
    },
    signal: (name, payload) => {
      this.check('signal')
      this.signals.push({ name, payload, behind: this.size })
      this.#changed()
    },
    end: () => {
      this.check('end')
      if (!this.link.halfClose) this.breaches.push('end on a link without half-close')
      this.ends += 1
      this.#changed()
    },
    drain: () => {
      this.check('drain')
      if (!this.#owesDrain) this.breaches.push('drain that nobody waits for')
      if (this.link.buffered > 0) this.breaches.push('drain while something was left')
      this.#owesDrain = false
      this.drains += 1
      this.#changed()
    },
    close: (reason) => {
      this.check('close')
      if (!WHO.has(reason.by) || !KINDS.has(reason.kind) || !reason.code) {
        this.breaches.push(`a close without a proper reason: ${JSON.stringify(reason)}`)
      }
      this.closes.push(reason)
      this.#changed()
    },
  }

  protected override check(name: string): void {
    super.check(name)
    if (this.closes.length > 0 || name === 'close') return
    if (this.#closedBy) this.breaches.push(`${name} after our ${this.#closedBy}`)
    else if (this.ends > 0 && name !== 'drain') this.breaches.push(`${name} after the peer's end`)
  }
}
