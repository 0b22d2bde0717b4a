import type { Socket } from 'node:net'
import type { Address, CloseReason, Link, LinkFacts, LinkSink } from '@mudwire/core'

/** What a link is made of. The socket is half-open and paused when it comes here. */
export interface SocketLinkParts {
  readonly socket: Socket
  readonly local: Address
  readonly remote: Address
  readonly facts: LinkFacts
  /** Breaks the connection so that the peer notices, where closing alone would look like an end. */
  reset(): void
}

/** A connection of `node:net` as a link: TCP, TLS or a unix socket. */
export class SocketLink implements Link {
  readonly shape = 'stream'
  readonly halfClose = true
  readonly encoding = 'utf8'
  readonly local: Address
  readonly remote: Address
  readonly facts: LinkFacts
  readonly #socket: Socket
  readonly #reset: () => void
  #sink: LinkSink | undefined
  /** We have ended our side: what arrives is discarded, and only the close is told. */
  #ended = false
  #peerEnded = false
  #aborted: CloseReason | undefined
  #error: NodeJS.ErrnoException | undefined
  #drainAwaited = false
  /** A close that came before there was a sink. */
  #untold: CloseReason | undefined

  constructor(parts: SocketLinkParts) {
    const { socket } = parts
    this.#socket = socket
    this.#reset = parts.reset
    this.local = parts.local
    this.remote = parts.remote
    this.facts = parts.facts
    // A socket that is not paused explicitly may start to flow with its first data listener.
    socket.pause()
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('error', this.#onError)
    socket.on('close', this.#onClose)
  }

  get buffered(): number {
    return this.#socket.writableLength
  }

  attach(sink: LinkSink): void {
    this.#sink = sink
    const reason = this.#untold
    if (reason) process.nextTick(() => sink.close(reason))
    // Node tells of an end even while a socket is paused.
    else if (this.#peerEnded && !this.#ended) process.nextTick(() => sink.end())
  }

  write(chunk: string | Uint8Array): boolean {
    const socket = this.#socket
    if (!socket.writable) return true
    socket.write(chunk)
    // The kernel was tried at once. Usually it took everything, and nothing is left to wait for.
    if (socket.writableLength === 0) return true
    this.#awaitDrain()
    return false
  }

  pause(): void {
    if (!this.#ended) this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#socket.end()
    // A paused socket never learns that the peer has ended too, and input that is left unread would make the kernel
    // reset the connection, and the farewell with it.
    this.#socket.resume()
  }

  abort(error?: Error): void {
    const socket = this.#socket
    if (socket.destroyed) return
    this.#aborted = { by: 'local', kind: 'abort', code: 'aborted', ...(error && { error }) }
    // After a farewell that the kernel has taken, a reset would drop what is still on its way to a slow peer.
    if (this.#ended && socket.writableLength === 0) socket.destroy()
    else this.#reset()
  }

  /** Node tells of a drain only past its own mark; the callback of an empty write tells of every one. */
  #awaitDrain(): void {
    if (this.#drainAwaited) return
    this.#drainAwaited = true
    this.#socket.write('', this.#onFlushed)
  }

  readonly #onFlushed = (error?: Error | null): void => {
    this.#drainAwaited = false
    if (error || this.#ended) return
    if (this.#socket.writableLength > 0) this.#awaitDrain()
    else this.#sink?.drain()
  }

  readonly #onData = (chunk: Buffer): void => {
    if (!this.#ended) this.#sink?.data(chunk)
  }

  readonly #onEnd = (): void => {
    this.#peerEnded = true
    if (!this.#ended) this.#sink?.end()
  }

  readonly #onError = (error: NodeJS.ErrnoException): void => {
    this.#error ??= error
  }

  readonly #onClose = (): void => {
    const reason = this.#closeReason()
    if (this.#sink) this.#sink.close(reason)
    else this.#untold = reason
  }

  #closeReason(): CloseReason {
    const error = this.#error
    if (this.#aborted) return this.#aborted
    if (!error) return { by: this.#peerEnded && !this.#ended ? 'remote' : 'local', kind: 'end', code: 'end' }
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') {
      return { by: 'remote', kind: 'abort', code: 'reset', error }
    }
    if (error.code === 'ETIMEDOUT') return { by: 'transport', kind: 'timeout', code: 'timeout', error }
    return { by: 'transport', kind: 'error', code: error.code ?? 'error', text: error.message, error }
  }
}
