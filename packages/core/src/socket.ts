import type { Address } from './address.ts'
import type { CloseOptions } from './close-reason.ts'
import type { SilentHandlers, SocketHandlers } from './handlers.ts'
import type { Life, Position } from './observer.ts'
import type { Releasable } from './offer.ts'
import type { Writable } from './prepared.ts'
import type { InboundPayload, OutboundPayload, OutboundSignalName, StickySignalName } from './signals.ts'
import type { LinkFacts } from './transport.ts'

/** `revoked`: the socket has been handed over, or its owner destroyed, and this handle is dead. */
export type HandleState = Life | 'revoked'

/**
 * The writing half of a socket and nothing more: for a room or a channel that sends to many. It dies with the handle
 * that it came from.
 */
export interface Writer {
  /** False where the handle is dead or the socket is closing: `broadcast` passes those over. */
  readonly alive: boolean
  /** False after a `write` that returned false, until the drain. */
  readonly writable: boolean
  /** As {@link Socket.write}. */
  write(data: Writable): boolean
  /** As {@link Socket.signal}. */
  signal<Name extends OutboundSignalName>(name: Name, payload: OutboundPayload<Name>): boolean
}

/**
 * An owner's handle on a connection, valid until a hand-over. Using a dead one is a bug, and every method of it throws
 * SocketError EESECURITY; its facts (`id`, `remote` …) stay readable. On a socket that is closing or closed, methods
 * do nothing: `write` and `signal` return false.
 */
export interface Socket extends Releasable, Disposable {
  /** Unique within the driver; the same for every owner of this connection. */
  readonly id: number
  /** Of this handle: `revoked` once the connection is somebody else's. */
  readonly state: HandleState
  /** Undefined while it is still connecting. */
  readonly local: Address | undefined
  readonly remote: Address | undefined
  readonly facts: LinkFacts | undefined
  /** The transport's name. */
  readonly transport: string
  /** Bytes that owners have read and written, this one and those before. */
  readonly position: Position
  /** Resolves with the local address when the connection is made; rejects with a SocketError, never unhandled. */
  readonly opened: Promise<Address>
  /** False after a `write` that returned false, until the drain. */
  readonly writable: boolean
  /** Bytes that were written, by whomever, and that have not left yet. It counts down while the socket is closing. */
  readonly unsent: number
  /** The writing half, to give to a room or a channel. */
  readonly writer: Writer

  /**
   * Writes. The writes of one turn leave together. False: more is unsent than the soft limit; wait for `drain`, or for
   * the close. A write that leaves more than the hard limit closes the socket with code `slow-reader`.
   *
   * @throws TypeError for anything but a string, a Uint8Array or prepared text.
   */
  write(data: Writable): boolean
  /** Sends a signal behind what was written. False where the link cannot carry it. */
  signal<Name extends OutboundSignalName>(name: Name, payload: OutboundPayload<Name>): boolean
  /** Hands over what was written so far, without waiting for the end of the turn. */
  flush(): void
  /** Delivers nothing until `resume`; the peer is slowed down. */
  pause(): void
  /** Delivers again, what was held first, on a later turn. */
  resume(): void
  /** Changes the handlers, and with them the mode. Half a line or half a character stays for the new ones. */
  handle(handlers: SocketHandlers): void
  /**
   * Reads lines with `for await`, instead of a handler: a line leaves the socket only while one is waited for. The loop
   * ends when the peer has finished, when the socket is closed or handed over, or when other handlers come; `break`
   * leaves what is held to whoever reads next. `handlers` are for everything else.
   */
  lines(handlers?: SilentHandlers): AsyncIterableIterator<string>
  /** The same for text as it comes. */
  texts(handlers?: SilentHandlers): AsyncIterableIterator<string>
  /** The same for bytes. */
  chunks(handlers?: SilentHandlers): AsyncIterableIterator<Uint8Array>
  /** The last value of a sticky signal. */
  last<Name extends StickySignalName>(name: Name): InboundPayload<Name> | undefined

  /** Sends what was written, then closes. Input that is held is dropped. The `close` handler follows. */
  close(options?: CloseOptions): void
  /** Closes at once; what was not sent is lost. The `close` handler follows. */
  abort(error?: Error): void
}
