import type { Socket } from 'node:net'
import type { Address, CloseReason, Link, LinkFacts, LinkSink } from '@mudwire/core'
import type { WebSocket } from 'ws'
import { closeCode, closeText } from './close-code.ts'
import { FrameBoundary } from './frame-boundary.ts'
import type { Liveness, Living } from './liveness.ts'

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
  /** Who watches that the peer is alive. */
  readonly liveness: Liveness
}

/** No Close frame came: what `ws` says then. Never on the wire. */
const ABNORMAL = 1006

/** The link stands in its sockets, so that all links share their listeners: a closure is 56 bytes. */
const LINK = Symbol('link')

interface LinkedSocket extends Socket {
  [LINK]?: WebSocketLink
}

interface LinkedWebSocket extends WebSocket {
  [LINK]?: WebSocketLink
}

/** A WebSocket connection as a link: every write a message, every message a chunk. */
export class WebSocketLink implements Link, Living {
  readonly text: 'message' | 'stream'
  readonly local: Address
  readonly remote: Address
  readonly facts: LinkFacts
  heardBefore = 0
  silentIntervals = 0
  readonly #webSocket: WebSocket
  readonly #socket: Socket
  readonly #frames = new FrameBoundary()
  readonly #liveness: Liveness
  /** Messages may be compressed, which ws does on later turns. */
  readonly #compresses: boolean
  /** What ws does at the end of the stream. */
  readonly #nextOnEnd: ReturnType<Socket['listeners']>[number] | undefined
  #sink: LinkSink | undefined
  /** We have ended it: what arrives is discarded, and only the close is told. */
  #ended = false
  /** Writes whose callback is still to come. */
  #flushing = 0
  /** Why it ended, where that is known before the close comes. */
  #cause: CloseReason | undefined
  #over = false

  constructor(parts: LinkParts) {
    this.text = parts.text
    this.local = parts.local
    this.remote = parts.remote
    this.facts = parts.facts
    this.#liveness = parts.liveness
    const webSocket: LinkedWebSocket = parts.webSocket
    const socket: LinkedSocket = parts.socket
    this.#webSocket = webSocket
    this.#socket = socket
    this.#compresses = webSocket.extensions !== ''
    webSocket[LINK] = this
    socket[LINK] = this
    // Paused before anything listens: a socket starts to flow with its first data listener.
    webSocket.pause()
    this.#frames.feed(parts.head)
    socket.on('data', onChunk)
    // In the place of ws's own, and not beside it: a third listener makes Node's list of them grow by 150 bytes.
    this.#nextOnEnd = socket.listeners('end').at(-1)
    if (this.#nextOnEnd) socket.off('end', this.#nextOnEnd as () => void)
    socket.on('end', onEnd)
    webSocket.on('message', onMessage)
    webSocket.on('error', onError)
    webSocket.on('close', onClose)
    this.#liveness.watch(this)
  }

  get shape(): 'message' {
    return 'message'
  }

  get halfClose(): false {
    return false
  }

  get encoding(): 'ws-text' {
    return 'ws-text'
  }

  get buffered(): number {
    // What was not sent is forgotten with the socket.
    const lost = this.#cause?.unsent
    if (lost !== undefined) return lost
    return this.#compresses ? this.#webSocket.bufferedAmount : this.#socket.writableLength
  }

  get isReading(): boolean {
    return !this.#webSocket.isPaused && !this.#ended
  }

  get heard(): number {
    return this.#socket.bytesRead
  }

  attach(sink: LinkSink): void {
    this.#sink = sink
    const reason = this.#cause
    if (reason && this.#over) process.nextTick(() => sink.close(reason))
  }

  write(chunk: string | Uint8Array): boolean {
    return this.send(chunk, typeof chunk !== 'string')
  }

  encode(text: string): Uint8Array {
    return Buffer.from(text)
  }

  writeEncoded(encoded: Uint8Array): boolean {
    return this.send(encoded, false)
  }

  pause(): void {
    if (this.#ended) return
    this.#webSocket.pause()
  }

  resume(): void {
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
    const unsent = this.buffered
    this.#cause = {
      by: 'local',
      kind: 'abort',
      code: 'aborted',
      wire: ABNORMAL,
      unsent,
      ...(error && { error }),
    }
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

  /** What is written until `uncork` leaves in one piece. */
  cork(): void {
    this.#socket.cork()
  }

  uncork(): boolean {
    this.#socket.uncork()
    return this.hasAllGone()
  }

  private send(data: string | Uint8Array, binary: boolean): boolean {
    const webSocket = this.#webSocket
    if (webSocket.readyState !== webSocket.OPEN) return true
    if (!this.#compresses) {
      webSocket.send(data, { binary })
      return this.hasAllGone()
    }
    this.#flushing += 1
    webSocket.send(data, { binary }, (error) => this.flushed(error))
    return false
  }

  /** The kernel was tried at once. Usually it took everything, and nothing is left to wait for. */
  private hasAllGone(): boolean {
    if (this.#compresses) return this.#flushing === 0
    if (this.buffered === 0) return true
    if (this.#flushing === 0 && this.#socket.writableCorked === 0) {
      this.#flushing = 1
      // The callback of an empty write comes when everything before it has gone.
      this.#socket.write('', (error) => this.flushed(error))
    }
    return false
  }

  private flushed(error: Error | null | undefined): void {
    this.#flushing -= 1
    if (error || this.#socket.destroyed || this.#ended) return
    if (this.hasAllGone()) this.#sink?.drain()
  }

  // What the sockets tell.

  followFrames(chunk: Buffer): void {
    this.#frames.feed(chunk)
  }

  /**
   * A reset that came while nothing was read looks like an end to Node. An empty write brings its error to light, which
   * the close then finds; but not through TLS. Before ws, which then ends its own side and could not find it out any more.
   */
  peerEnded(): void {
    if (this.#socket.writable && !('encrypted' in this.#socket)) this.#socket.write('')
    this.#nextOnEnd?.call(this.#socket)
  }

  received(data: Buffer, isBinary: boolean): void {
    if (this.#ended || this.#over) return
    this.#sink?.data(isBinary ? data : data.toString('utf8'))
  }

  /** The peer broke the protocol. `ws` answers it with the right Close by itself; the owner hears of it at once. */
  failed(error: Error & { readonly code?: string }): void {
    const tooBig = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
    const told: CloseReason = tooBig
      ? { by: 'remote', kind: 'overflow', code: 'message-too-big', wire: 1009, error }
      : { by: 'remote', kind: 'protocol', code: protocolCode(error.code), wire: wireCode(error.code), error }
    this.tellClose(this.#cause ?? told)
  }

  closed(code: number, text: string): void {
    this.tellClose(this.#cause ?? this.reasonOf(code, text))
  }

  private reasonOf(code: number, text: string): CloseReason {
    const by = this.#ended ? 'local' : 'remote'
    const error: NodeJS.ErrnoException | null = this.#socket.errored
    if (error?.code === 'ECONNRESET' || error?.code === 'EPIPE')
      return { by: 'remote', kind: 'abort', code: 'reset', wire: ABNORMAL, error }
    if (error) return { by: 'transport', kind: 'error', code: error.code ?? 'error', wire: ABNORMAL, error }
    if (code !== ABNORMAL) return { by, kind: 'end', code: 'end', wire: code, ...(text !== '' && { text }) }
    // The connection ended without a Close: properly between two messages, or it was cut off within one.
    const peerEnded = this.#socket.readableEnded
    if (peerEnded && this.#frames.isBetweenMessages) return { by, kind: 'end', code: 'end', wire: ABNORMAL }
    return { by, kind: 'abort', code: peerEnded ? 'truncated' : 'reset', wire: ABNORMAL }
  }

  private tellClose(reason: CloseReason): void {
    if (this.#over) return
    this.#over = true
    this.#cause = reason
    this.#liveness.forget(this)
    this.#sink?.close(reason)
  }
}

function onChunk(this: LinkedSocket, chunk: Buffer): void {
  this[LINK]?.followFrames(chunk)
}

function onEnd(this: LinkedSocket): void {
  this[LINK]?.peerEnded()
}

function onMessage(this: LinkedWebSocket, data: Buffer, isBinary: boolean): void {
  this[LINK]?.received(data, isBinary)
}

function onError(this: LinkedWebSocket, error: Error): void {
  this[LINK]?.failed(error)
}

function onClose(this: LinkedWebSocket, code: number, text: Buffer): void {
  this[LINK]?.closed(code, text.toString('utf8'))
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
