import type { Address, CloseReason, Link, LinkFacts, LinkSink } from '@mudwire/core'
import type { Codec } from './compression.ts'
import { Delivery } from './delivery.ts'
import { Intake, type IntakeHost } from './intake.ts'
import { type Charset, encodeText } from './nvt.ts'
import { Output, type OutputEvents } from './output.ts'
import { IAC, NOP } from './protocol.ts'
import { STICKY } from './signals.ts'
import type { Sweep } from './sweep.ts'
import type { TelnetSettings } from './telnet-options.ts'
import { type SessionHost, TelnetSession } from './telnet-session.ts'

/** What the links of a layer share. */
export interface LayerParts {
  readonly settings: TelnetSettings
  readonly codec: Codec
  /** Links whose peer owes an answer. */
  readonly awaiting: Sweep<TelnetLink>
  /** Links that are kept alive; absent where none is. */
  readonly keptAlive: Sweep<TelnetLink> | undefined
}

/**
 * Telnet over another link. All of its state is here (what was agreed upon, compression, half a subnegotiation), so it
 * travels with the link in a hand-over.
 */
export class TelnetLink implements Link, SessionHost, IntakeHost, OutputEvents {
  /** The link below. */
  readonly link: Link
  readonly delivery: Delivery
  readonly session: TelnetSession
  readonly stickySignals: ReadonlySet<string>
  readonly #parts: LayerParts
  readonly #output: Output
  readonly #intake: Intake
  #owesDrain = false
  #planned = false
  /** It was ended or has closed: nothing is sent any more. */
  #isOver = false

  constructor(link: Link, parts: LayerParts) {
    const { settings } = parts
    this.link = link
    const below = link.stickySignals
    this.stickySignals = below && below.size > 0 ? new Set([...STICKY, ...below]) : STICKY
    this.#parts = parts
    this.delivery = new Delivery(settings.clock.defer)
    this.#output = new Output(link, this)
    this.session = new TelnetSession(settings, this, this.#output)
    this.#intake = new Intake(this)
    link.attach(this.#intake)
    if (settings.side === 'server') {
      this.session.open()
      parts.awaiting.add(this)
    }
    parts.keptAlive?.add(this)
    this.#intake.open()
  }

  get codec(): Codec {
    return this.#parts.codec
  }

  get shape(): 'stream' {
    return 'stream'
  }

  get halfClose(): boolean {
    return this.link.halfClose
  }

  get encoding(): string {
    return `telnet+${this.#output.charset}`
  }

  get local(): Address {
    return this.link.local
  }

  get remote(): Address {
    return this.link.remote
  }

  get facts(): LinkFacts {
    return this.link.facts
  }

  get buffered(): number {
    return this.#output.buffered
  }

  // What core calls.

  attach(sink: LinkSink): void {
    this.delivery.attach(sink)
  }

  write(chunk: string | Uint8Array): boolean {
    return this.#isOver || this.written(this.#output.write(chunk))
  }

  encode(text: string): Uint8Array {
    return encodeText(text, this.#output.charset)
  }

  writeEncoded(encoded: Uint8Array): boolean {
    return this.#isOver || this.written(this.#output.writeEncoded(encoded))
  }

  signal(name: string, payload: unknown): boolean {
    if (this.#isOver) return false
    const isSent = this.delivery.insideCall(() => this.session.signal(name, payload))
    if (this.session.waitsForUnmask) this.#parts.awaiting.add(this)
    return isSent ?? this.link.signal?.(name, payload) ?? false
  }

  pause(): void {
    this.delivery.pause()
    this.#intake.pause()
  }

  resume(): void {
    this.delivery.resume()
    this.#intake.resume(this.#parts.settings.clock.defer)
  }

  end(reason?: CloseReason): void {
    if (this.#isOver) return
    this.over()
    this.delivery.ending()
    this.#intake.discard()
    this.#output.finish(() => this.link.end(reason))
  }

  abort(error?: Error): void {
    this.over()
    this.delivery.ending()
    this.#intake.discard()
    this.#output.destroy()
    this.link.abort(error)
  }

  // What the session asks.

  get mayCompress(): boolean {
    const { compression } = this.#parts.settings
    // Beneath TLS, compression can give secrets away, and WebSocket has its own.
    return compression ?? (!this.link.facts.secure && this.link.shape === 'stream')
  }

  get isInflating(): boolean {
    return this.#intake.isInflating
  }

  tell(name: string, payload: unknown): void {
    this.delivery.signal(name, payload)
  }

  deliver(bytes: Uint8Array): void {
    this.delivery.data(bytes)
  }

  setCharset(charset: Charset): void {
    this.#output.charset = charset
    this.#intake.transcoder.charset = charset === 'latin1' ? 'latin1' : 'auto'
  }

  startDeflating(): void {
    if (!this.#isOver) this.#output.compress(this.#parts.codec)
  }

  stopDeflating(): void {
    this.#output.finish(() => {})
  }

  startInflating(): void {
    this.#intake.startInflating()
  }

  fail(code: 'negotiation-storm'): void {
    this.#intake.failed(code)
  }

  // What the layer's timers ask.

  /** Looks at what takes too long. False: it need not be looked at again. */
  sweep(now: number): boolean {
    return !this.#isOver && this.session.sweep(now)
  }

  /** Sends a NOP where nothing was sent for a while. */
  stayAlive(): boolean {
    if (this.#isOver) return false
    if (!this.#output.wasActive && this.session.isKeptAlive) this.#output.command([IAC, NOP])
    this.#output.wasActive = false
    return true
  }

  private written(isGone: boolean): boolean {
    if (!isGone) this.#owesDrain = true
    if (this.#output.midLine && !this.#planned && this.#parts.settings.promptMarks) this.planMark()
    return isGone
  }

  /** What stands without a line end when the turn is over is a prompt: a client that knows marks shows it only then. */
  private planMark(): void {
    this.#planned = true
    this.#parts.settings.clock.defer(() => {
      this.#planned = false
      if (!this.#isOver) this.session.markPrompt()
    })
  }

  drained(): void {
    if (!this.#owesDrain || this.#output.buffered > 0) return
    this.#owesDrain = false
    if (!this.#isOver) this.delivery.drain()
  }

  /** Nothing is sent any more, and nobody waits for anything. */
  over(): void {
    this.#parts.awaiting.delete(this)
    this.#parts.keptAlive?.delete(this)
    if (this.#intake.isClosed) this.#output.destroy()
    this.#isOver = true
  }
}
