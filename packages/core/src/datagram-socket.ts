import type { Address } from './address.ts'
import type { CloseOptions } from './close-reason.ts'
import type { DatagramHandlers } from './handlers.ts'
import type { Position } from './observer.ts'
import type { Releasable } from './offer.ts'
import type { DatagramOptions } from './options.ts'
import type { HandleState } from './socket.ts'

/** The options of a datagram socket when it is bound. */
export interface BindOptions extends DatagramOptions {
  /** Stops an attempt to bind that is still under way. */
  readonly signal?: AbortSignal
}

/**
 * An owner's handle on a datagram socket. What holds for the handle on a connection holds for it. A datagram may be lost,
 * as on the network; none is split, merged, overtaken by a later one, or given to anybody but the owner of that instant.
 */
export interface DatagramSocket extends Releasable, Disposable {
  /** Unique within the driver; the same for every owner of this socket. */
  readonly id: number
  readonly state: HandleState
  /** The transport's name. */
  readonly transport: string
  /** Where it is bound, with its real port; undefined until then. */
  readonly local: Address | undefined
  /** Bytes that owners have read and sent, this one and those before. */
  readonly position: Position
  /** Datagrams that arrived and that were lost because too many were held already, counted over all its owners. */
  readonly dropped: number
  /** Resolves with the local address when it is bound; rejects with a SocketError, never unhandled. */
  readonly opened: Promise<Address>

  /**
   * Sends one datagram; a text goes as UTF-8, bytes as they are now. False: it could not be sent, and is gone, because the socket is not open,
   * the datagram too large, or the address not one that this transport can reach. After true it may be lost on its way.
   *
   * @throws TypeError for anything but a string or a Uint8Array, and for what is no address.
   */
  send(data: string | Uint8Array, to: Address): boolean
  /** Holds what arrives until `resume`: so many datagrams and bytes (see {@link DatagramOptions}), and no more. */
  pause(): void
  /** Delivers again, what was held first, on a later turn. */
  resume(): void
  /** Changes the handlers. */
  handle(handlers: DatagramHandlers): void

  /** Closes it, behind what was sent. Datagrams that are held are dropped. The `close` handler follows. */
  close(options?: CloseOptions): void
}
