import type { CloseReason, Link, LinkSink } from '@mudwire/core'
import type { Codec, Inflater, InflaterEvents } from './compression.ts'
import type { Delivery } from './delivery.ts'
import { Parser, type ParserEvents } from './parser.ts'
import type { Verb } from './protocol.ts'
import type { TelnetSession } from './telnet-session.ts'
import { Transcoder } from './transcoder.ts'

/** What an intake belongs to. */
export interface IntakeHost {
  readonly link: Link
  readonly delivery: Delivery
  readonly session: TelnetSession
  readonly codec: Codec
  /** The link is gone, or is not to be used any more. */
  over(): void
  /** What was written has gone. */
  drained(): void
}

/** So much is read, and answered, before somebody owns the link. */
const MOST_UNOWNED = 4 * 1024

const encoder = new TextEncoder()
const NOTHING: readonly Uint8Array[] = []

/** The receiving side: from the bytes of the link below to data and signals. */
export class Intake implements LinkSink, ParserEvents, InflaterEvents {
  readonly transcoder: Transcoder
  readonly #host: IntakeHost
  readonly #parser: Parser
  #inflater: Inflater | undefined
  #startsInflating = false
  /** Somebody has owned it: what follows is theirs. */
  #isOwned = false
  #unowned = MOST_UNOWNED
  /** Read and not looked at, since nobody owned the link. */
  #unparsed: readonly Uint8Array[] = NOTHING
  #isWanted = false
  /** What the link below was told last. */
  #isReading = false
  #isOver = false
  /** What the peer's end, or the close, is behind of what still has to be looked at. */
  #end: 'none' | 'came' | 'told' = 'none'
  #closed: CloseReason | undefined

  constructor(host: IntakeHost) {
    const { settings } = host.session
    this.#host = host
    const isText = settings.charset === 'auto'
    this.transcoder = new Transcoder(isText ? 'auto' : 'raw')
    this.#parser = new Parser(this, settings.subnegotiationLimit, isText)
  }

  get isInflating(): boolean {
    return this.#inflater !== undefined || this.#startsInflating
  }

  /** The link below is gone, or as good as gone. */
  get isClosed(): boolean {
    return this.#closed !== undefined
  }

  // What the telnet link calls.

  /** Reads what a client answers before somebody owns the link; data waits. */
  open(): void {
    this.regulate()
  }

  resume(defer: (task: () => void) => void): void {
    this.#isWanted = true
    if (!this.#isOwned) defer(() => this.owned())
    this.#inflater?.resume()
    this.regulate()
  }

  pause(): void {
    this.#isWanted = false
    this.#inflater?.pause()
    this.regulate()
  }

  /** What the peer sent up to here is not compressed, and what follows is. */
  startInflating(): void {
    this.#startsInflating = true
    this.#parser.stop()
  }

  /** Nothing is looked at any more. */
  discard(): void {
    this.#isOver = true
    this.#unparsed = NOTHING
    this.#inflater?.destroy()
    this.#inflater = undefined
  }

  /** The peer is not to be borne any longer. */
  failed(code: 'bad-compression' | 'compression-bomb' | 'negotiation-storm'): void {
    if (this.#isOver || this.#closed) return
    this.shut({ by: 'local', kind: 'protocol', code, text: FAILURES[code], wire: 1002 })
    this.#host.link.abort()
  }

  // What the link below calls.

  data(chunk: string | Uint8Array): void {
    if (this.#isOver) return
    const bytes = typeof chunk === 'string' ? encoder.encode(chunk) : chunk
    this.#host.delivery.flush()
    if (this.#isOwned) this.take(bytes)
    else this.takeUnowned(bytes)
    this.regulate()
  }

  signal(name: string, payload: unknown): void {
    this.#host.delivery.signal(name, payload)
  }

  end(): void {
    if (this.#end === 'none') this.#end = 'came'
    this.tellEnd()
  }

  drain(): void {
    this.#host.drained()
  }

  close(reason: CloseReason): void {
    if (this.#closed) return
    if (reason.kind !== 'end' || this.#isOver) this.shut(reason)
    else {
      this.#closed = reason
      this.tellEnd()
    }
  }

  // What the parser finds.

  content(bytes: Uint8Array, isAscii: boolean): void {
    const { session, delivery } = this.#host
    const text = this.transcoder.push(bytes, isAscii)
    const { editor } = session
    if (editor) editor.push(text)
    else if (text.length > 0) delivery.data(text)
  }

  command(command: number): void {
    this.#host.session.command(command)
  }

  negotiation(verb: Verb, option: number): void {
    this.#host.session.negotiation(verb, option)
  }

  subnegotiation(option: number, body: Uint8Array): void {
    this.#host.session.subnegotiation(option, body)
  }

  // What the inflater gives.

  inflated(bytes: Uint8Array): void {
    this.#host.delivery.flush()
    this.parse(bytes)
    if (!this.#isOwned && this.#host.delivery.holdsData) this.#inflater?.pause()
  }

  idle(): void {
    this.tellEnd()
    this.regulate()
  }

  ended(rest: Uint8Array): void {
    this.#inflater = undefined
    this.#host.session.learned()
    if (rest.length > 0) this.take(rest)
    this.idle()
  }

  /** Somebody has taken the link, on a turn before this. */
  private owned(): void {
    if (this.#isOwned) return
    this.#isOwned = true
    const chunks = this.#unparsed
    this.#unparsed = NOTHING
    this.#host.delivery.flush()
    for (const chunk of chunks) this.take(chunk)
    this.tellEnd()
    this.regulate()
  }

  private takeUnowned(bytes: Uint8Array): void {
    const part = bytes.subarray(0, this.#unowned)
    this.#unowned -= part.length
    if (part.length > 0) this.take(part)
    if (part.length < bytes.length) this.#unparsed = [...this.#unparsed, bytes.subarray(part.length)]
  }

  private take(bytes: Uint8Array): void {
    if (this.#isOver) return
    if (this.#inflater) this.#inflater.push(bytes)
    else this.parse(bytes)
  }

  private parse(bytes: Uint8Array): void {
    if (this.#isOver) return
    const used = this.#parser.push(bytes)
    if (!this.#startsInflating || this.#isOver) return
    this.#startsInflating = false
    this.#inflater = this.#host.codec.inflater(this)
    if (this.#isOwned && !this.#isWanted) this.#inflater.pause()
    this.#inflater.push(bytes.subarray(used))
  }

  /** Tells of the end when everything before it has been looked at. */
  private tellEnd(): void {
    const { delivery } = this.#host
    const isOpen = this.#end === 'none' && !this.#closed
    if (this.#isOver || isOpen || this.#unparsed.length > 0 || this.#inflater?.isBusy) return
    const rest = this.transcoder.end()
    const { editor } = this.#host.session
    if (editor) editor.end(rest)
    else if (rest.length > 0) delivery.data(rest)
    if (this.#end === 'came') {
      this.#end = 'told'
      delivery.end()
    }
    if (this.#closed) this.shut(this.#closed)
  }

  private shut(reason: CloseReason): void {
    this.#closed = reason
    this.discard()
    this.#host.over()
    this.#host.delivery.close(reason)
  }

  /** Reads from the network as long as somebody wants it, or answers are awaited, and there is room for it. */
  private regulate(): void {
    if (this.#isOver) return
    const hasRoom = this.#inflater?.isBusy !== true
    const isWanted = this.#isOwned ? this.#isWanted : this.#unowned > 0 && !this.#host.delivery.holdsData
    if ((hasRoom && isWanted) === this.#isReading) return
    this.#isReading = !this.#isReading
    if (this.#isReading) this.#host.link.resume()
    else this.#host.link.pause()
  }
}

const FAILURES = {
  'bad-compression': 'What arrived is not what zlib compresses.',
  'compression-bomb': 'What arrived would fill the memory.',
  'negotiation-storm': 'Too many telnet commands arrived.',
} as const
