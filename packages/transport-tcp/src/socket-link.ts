import type { Socket } from 'node:net'
import type { Address, CloseReason, Link, LinkFacts, LinkSink } from '@mudwire/core'

/**
 * What a link is made of. The socket is half-open and paused when it comes here, and somebody listens to its errors
 * already: see {@link ignoreError}.
 */
export interface SocketLinkParts {
  readonly socket: Socket
  readonly local: Address
  readonly remote: Address
  readonly facts: LinkFacts
  /**
   * The TCP socket beneath, that can be reset: so the peer notices that the connection is broken, where closing alone
   * would look like an end. Absent where there is no reset.
   */
  readonly wire?: Socket
}

/** For texts up to this length it is not worth looking what is in them. */
const SHORT = 256

/** The link of a socket stands in the socket, so that all of them share their listeners: a closure is 56 bytes. */
const LINK = Symbol('link')

interface LinkedSocket extends Socket {
  [LINK]?: SocketLink | undefined
}

/** For the errors of a socket: one that nobody listens to would end the process. Its close tells of them, too. */
export function ignoreError(): void {}

/** A connection of `node:net` as a link: TCP, TLS or a unix socket. */
export class SocketLink implements Link {
  readonly local: Address
  readonly remote: Address
  readonly facts: LinkFacts
  readonly #socket: Socket
  readonly #wire: Socket | undefined
  #sink: LinkSink | undefined
  #drainAwaited = false
  /** Why it was closed, once that is known. */
  #reason: CloseReason | undefined

  constructor(parts: SocketLinkParts) {
    const socket: LinkedSocket = parts.socket
    this.#socket = socket
    this.#wire = parts.wire
    this.local = parts.local
    this.remote = parts.remote
    this.facts = parts.facts
    socket[LINK] = this
    // A socket that is not paused explicitly may start to flow with its first data listener.
    socket.pause()
    socket.on('data', onData)
    socket.on('end', onEnd)
    socket.on('close', onClose)
  }

  get shape(): 'stream' {
    return 'stream'
  }

  get halfClose(): true {
    return true
  }

  get encoding(): 'utf8' {
    return 'utf8'
  }

  get buffered(): number {
    // Node forgets what it could not send.
    return this.#reason?.unsent ?? this.#socket.writableLength
  }

  attach(sink: LinkSink): void {
    this.#sink = sink
    const reason = this.#reason
    if (reason && this.#socket.closed) process.nextTick(() => sink.close(reason))
    // Node tells of an end even while a socket is paused.
    else if (this.#socket.readableEnded) process.nextTick(() => this.peerEnded())
  }

  write(chunk: string | Uint8Array): boolean {
    const socket = this.#socket
    if (!socket.writable) return true
    if (typeof chunk === 'string' && chunk.length > SHORT && isAscii(chunk)) socket.write(chunk, 'latin1')
    else socket.write(chunk)
    // The kernel was tried at once. Usually it took everything, and nothing is left to wait for.
    if (socket.writableLength === 0) return true
    this.awaitDrain()
    return false
  }

  pause(): void {
    if (!this.hasEnded) this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  end(): void {
    if (this.hasEnded) return
    this.#socket.end()
    // A paused socket never learns that the peer has ended too, and input that is left unread would make the kernel
    // reset the connection, and the farewell with it.
    this.#socket.resume()
  }

  abort(error?: Error): void {
    const socket = this.#socket
    if (socket.destroyed || this.#reason) return
    const unsent = socket.writableLength
    this.#reason = { by: 'local', kind: 'abort', code: 'aborted', unsent, ...(error && { error }) }
    // After a farewell that the kernel has taken, a reset would drop what is still on its way to a slow peer.
    if (!this.#wire || (this.hasEnded && unsent === 0)) socket.destroy()
    else this.#wire.resetAndDestroy()
  }

  /** We have ended our side: what arrives is discarded, and only the close is told. */
  private get hasEnded(): boolean {
    return this.#socket.writableEnded
  }

  /** Node tells of a drain only past its own mark; the callback of an empty write tells of every one. */
  private awaitDrain(): void {
    if (this.#drainAwaited) return
    this.#drainAwaited = true
    this.#socket.write('', (error) => this.flushed(error))
  }

  private flushed(error: Error | null | undefined): void {
    this.#drainAwaited = false
    if (error || this.hasEnded || this.#reason) return
    if (this.#socket.writableLength > 0) this.awaitDrain()
    else this.#sink?.drain()
  }

  // What the socket tells.

  received(chunk: Buffer): void {
    if (!this.hasEnded) this.#sink?.data(chunk)
  }

  /**
   * A reset that came while nothing was read looks like an end to Node: what had arrived is read, the rest is missing. A
   * write tells which of both it was, an empty one too; one that is under way will tell of itself before the next turn.
   * A unix socket has no reset, and TLS answers no such question: Node's ends without a word on it.
   */
  peerEnded(): void {
    if (this.hasEnded) return
    if (this.#wire !== this.#socket) this.tellEnd(undefined)
    else if (this.buffered === 0) this.#socket.write('', (error) => this.tellEnd(error))
    else setImmediate(() => this.tellEnd(this.#socket.errored))
  }

  private tellEnd(error: Error | null | undefined): void {
    if (!error && !this.hasEnded && !this.#reason) this.#sink?.end()
  }

  closed(error: NodeJS.ErrnoException | null): void {
    this.#reason ??= this.closeReason(error)
    this.#sink?.close(this.#reason)
  }

  private closeReason(error: NodeJS.ErrnoException | null): CloseReason {
    if (!error)
      return {
        by: this.#socket.readableEnded && !this.hasEnded ? 'remote' : 'local',
        kind: 'end',
        code: 'end',
      }
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') {
      return { by: 'remote', kind: 'abort', code: 'reset', error }
    }
    if (error.code === 'ETIMEDOUT') return { by: 'transport', kind: 'timeout', code: 'timeout', error }
    return { by: 'transport', kind: 'error', code: error.code ?? 'error', text: error.message, error }
  }
}

function onData(this: LinkedSocket, chunk: Buffer): void {
  this[LINK]?.received(chunk)
}

function onEnd(this: LinkedSocket): void {
  this[LINK]?.peerEnded()
}

function onClose(this: LinkedSocket): void {
  const link = this[LINK]
  // Node keeps a socket for a while after its end; what stands above it need not stay as long.
  this[LINK] = undefined
  link?.closed(this.errored)
}

/** Node writes Latin-1 several times as fast as UTF-8, and for ASCII both are the same bytes. */
function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length
}
