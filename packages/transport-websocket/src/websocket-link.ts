import type { Socket } from 'node:net'
import type { Address, CloseReason, Link, LinkFacts, LinkSink } from '@mudwire/core'
import type { WebSocket } from 'ws'
import { closeCode, closeText } from './close-code.ts'
import { FrameBoundary } from './frame-boundary.ts'
import type { Living } from './liveness.ts'

/** What a link is made of: the WebSocket, and the socket beneath it that the upgrade event gave. */
export interface LinkParts {
  readonly webSocket: WebSocket
  readonly socket: Socket
  /** What came behind the upgrade request. */
  readonly head: Uint8Array
  readonly local: Address
  readonly remote: Address
  readonly facts: LinkFacts
  readonly text: 'message' | 'stream'
  closed(link: WebSocketLink): void
}

/** No Close frame came: what `ws` says then. Never on the wire. */
const ABNORMAL = 1006

/** A WebSocket connection as a link: every write a message, every message a chunk. */
export class WebSocketLink implements Link, Living {
  readonly shape = 'message'
  readonly halfClose = false
  readonly encoding = 'ws-text'
  readonly text: 'message' | 'stream'
  readonly local: Address
  readonly remote: Address
  readonly facts: LinkFacts
  readonly #webSocket: WebSocket
  readonly #socket: Socket
  readonly #frames = new FrameBoundary()
  readonly #closed: (link: WebSocketLink) => void
  /** Messages may be compressed, which ws does on later turns. */
  readonly #compresses: boolean
  #sink: LinkSink | undefined
  #reading = false
  /** We have ended it: what arrives is discarded, and only the close is told. */
  #ended = false
  #corked = false
  #drainAwaited = false
  /** Why it ended, where that is known before the close comes. */
  #cause: CloseReason | undefined
  #peerEnded = false
  #over = false
  /** A close that came before there was a sink. */
  #untold: CloseReason | undefined

  constructor(parts: LinkParts) {
    this.text = parts.text
    this.local = parts.local
    this.remote = parts.remote
    this.facts = parts.facts
    this.#webSocket = parts.webSocket
    this.#socket = parts.socket
    this.#closed = parts.closed
    this.#compresses = parts.webSocket.extensions !== ''
    const { webSocket, socket } = parts
    // Paused before anything listens: a socket starts to flow with its first data listener.
    webSocket.pause()
    this.#frames.feed(parts.head)
    socket.on('data', (chunk: Buffer) => this.#frames.feed(chunk))
    socket.on('end', () => {
      this.#peerEnded = true
    })
    socket.on('error', this.#onSocketError)
    webSocket.on('message', this.#onMessage)
    webSocket.on('error', this.#onError)
    webSocket.on('close', this.#onClose)
  }

  get buffered(): number {
    return this.#compresses ? this.#webSocket.bufferedAmount : this.#socket.writableLength
  }

  get isReading(): boolean {
    return this.#reading && !this.#ended
  }

  get heard(): number {
    return this.#socket.bytesRead
  }

  attach(sink: LinkSink): void {
    this.#sink = sink
    const reason = this.#untold
    if (reason) process.nextTick(() => sink.close(reason))
  }

  write(chunk: string | Uint8Array): boolean {
    return this.#send(chunk, typeof chunk !== 'string')
  }

  encode(text: string): Uint8Array {
    return Buffer.from(text)
  }

  writeEncoded(encoded: Uint8Array): boolean {
    return this.#send(encoded, false)
  }

  pause(): void {
    if (this.#ended) return
    this.#reading = false
    this.#webSocket.pause()
  }

  resume(): void {
    this.#reading = true
    this.#webSocket.resume()
  }

  end(reason?: CloseReason): void {
    if (this.#ended || this.#over) return
    this.#ended = true
    this.#webSocket.close(closeCode(reason), closeText(reason))
    // A paused socket would never see the peer's own Close.
    this.#webSocket.resume()
  }

  abort(error?: Error): void {
    if (this.#over) return
    this.#cause = { by: 'local', kind: 'abort', code: 'aborted', wire: ABNORMAL, ...(error && { error }) }
    this.#webSocket.terminate()
  }

  ping(): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.ping()
  }

  presumeDead(): void {
    const text = 'The peer has answered no ping.'
    this.#cause ??= { by: 'transport', kind: 'timeout', code: 'ping-timeout', text, wire: ABNORMAL }
    this.#webSocket.terminate()
  }

  #send(data: string | Uint8Array, binary: boolean): boolean {
    const webSocket = this.#webSocket
    if (webSocket.readyState !== webSocket.OPEN) return true
    if (this.#compresses) webSocket.send(data, { binary }, this.#onFlushed)
    else {
      if (!this.#corked) {
        this.#corked = true
        this.#socket.cork()
        process.nextTick(this.#uncork)
      }
      webSocket.send(data, { binary })
    }
    return false
  }

  /** Everything that was written in this tick leaves in one piece. */
  readonly #uncork = (): void => {
    this.#corked = false
    this.#socket.uncork()
    this.#tellDrain()
  }

  /** Every write said false, so a drain is owed as soon as the system has it all. */
  readonly #tellDrain = (): void => {
    if (this.#over || this.#ended) return
    if (this.buffered === 0) this.#sink?.drain()
    else if (!this.#drainAwaited && !this.#compresses) {
      this.#drainAwaited = true
      // The callback of an empty write comes when everything before it has gone.
      this.#socket.write('', this.#onFlushed)
    }
  }

  readonly #onFlushed = (error?: Error | null): void => {
    this.#drainAwaited = false
    if (!error) this.#tellDrain()
  }

  readonly #onMessage = (data: Buffer, isBinary: boolean): void => {
    if (this.#ended || this.#over) return
    this.#sink?.data(isBinary ? data : data.toString('utf8'))
  }

  readonly #onSocketError = (error: NodeJS.ErrnoException): void => {
    const reset = error.code === 'ECONNRESET' || error.code === 'EPIPE'
    this.#cause ??= reset
      ? { by: 'remote', kind: 'abort', code: 'reset', wire: ABNORMAL, error }
      : { by: 'transport', kind: 'error', code: error.code ?? 'error', wire: ABNORMAL, error }
  }

  /** The peer broke the protocol. `ws` answers it with the right Close by itself; the owner hears of it at once. */
  readonly #onError = (error: Error & { readonly code?: string }): void => {
    const tooBig = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
    const told: CloseReason = tooBig
      ? { by: 'remote', kind: 'overflow', code: 'message-too-big', wire: 1009, error }
      : { by: 'remote', kind: 'protocol', code: protocolCode(error.code), wire: wireCode(error.code), error }
    this.#tellClose(this.#cause ?? told)
  }

  readonly #onClose = (code: number, text: Buffer): void => {
    this.#tellClose(this.#cause ?? this.#reasonOf(code, text.toString('utf8')))
  }

  #reasonOf(code: number, text: string): CloseReason {
    const by = this.#ended ? 'local' : 'remote'
    if (code !== ABNORMAL) return { by, kind: 'end', code: 'end', wire: code, ...(text !== '' && { text }) }
    // The connection ended without a Close: properly between two messages, or it was cut off within one.
    if (this.#peerEnded && this.#frames.isBetweenMessages)
      return { by, kind: 'end', code: 'end', wire: ABNORMAL }
    return { by, kind: 'abort', code: this.#peerEnded ? 'truncated' : 'reset', wire: ABNORMAL }
  }

  #tellClose(reason: CloseReason): void {
    if (this.#over) return
    this.#over = true
    this.#closed(this)
    if (this.#sink) this.#sink.close(reason)
    else this.#untold = reason
  }
}

/** `WS_ERR_INVALID_UTF8` becomes `invalid-utf8`. */
function protocolCode(code: string | undefined): string {
  return (
    code
      ?.replace(/^WS_ERR_/, '')
      .replaceAll('_', '-')
      .toLowerCase() ?? 'protocol'
  )
}

/** The Close code that `ws` sends for an error. */
function wireCode(code: string | undefined): number {
  if (code === 'WS_ERR_INVALID_UTF8') return 1007
  return code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS' ? 1008 : 1002
}
