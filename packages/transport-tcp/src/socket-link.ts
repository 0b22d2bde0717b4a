import type { Socket } from 'node:net'
import type { Address, CloseReason, Link, LinkFacts, LinkSink } from '@mudwire/core'

/**
 * What a link is made of. The socket is half-open and paused when it comes here, and somebody listens to its errors
 * already: see {@link toleratesErrors}.
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

/** The link of a socket stands in the socket, so that all of them share their listeners: a closure is 56 bytes. */
const LINK = Symbol('link')

interface LinkedSocket extends Socket {
  [LINK]?: SocketLink
}

/** Lets a socket have errors: one that nobody listens to would end the process. Its close tells of them. */
export function toleratesErrors(socket: Socket): void {
  socket.on('error', ignore)
}

function ignore(): void {}

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
    socket.on('data', SocketLink.#onData)
    socket.on('end', SocketLink.#onEnd)
    socket.on('close', SocketLink.#onClose)
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
    return this.#socket.writableLength
  }

  attach(sink: LinkSink): void {
    this.#sink = sink
    const reason = this.#reason
    if (reason && this.#socket.closed) process.nextTick(() => sink.close(reason))
    // Node tells of an end even while a socket is paused.
    else if (this.#socket.readableEnded && !this.hasEnded) process.nextTick(() => sink.end())
  }

  write(chunk: string | Uint8Array): boolean {
    const socket = this.#socket
    if (!socket.writable) return true
    socket.write(chunk)
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
    if (socket.destroyed) return
    this.#reason = { by: 'local', kind: 'abort', code: 'aborted', ...(error && { error }) }
    // After a farewell that the kernel has taken, a reset would drop what is still on its way to a slow peer.
    if (!this.#wire || (this.hasEnded && socket.writableLength === 0)) socket.destroy()
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
    if (error || this.hasEnded) return
    if (this.#socket.writableLength > 0) this.awaitDrain()
    else this.#sink?.drain()
  }

  static #onData(this: LinkedSocket, chunk: Buffer): void {
    const link = this[LINK]
    if (link && !link.hasEnded) link.#sink?.data(chunk)
  }

  static #onEnd(this: LinkedSocket): void {
    const link = this[LINK]
    if (link && !link.hasEnded) link.#sink?.end()
  }

  static #onClose(this: LinkedSocket): void {
    const link = this[LINK]
    if (!link) return
    link.#reason ??= link.closeReason(this.errored)
    link.#sink?.close(link.#reason)
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
