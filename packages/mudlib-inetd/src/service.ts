import type { StreamOffer } from '@mudwire/core'

/** What inetd says with a connection that it offers to a service. */
export interface Arrival {
  /** The name under which the service is offered. */
  readonly service: string
}

/**
 * A service of inetd. To add one is to write one of these:
 *
 * ```ts
 * const greeter: Service = {
 *   name: 'greeter',
 *   connected(offer) {
 *     const socket = offer.acquire()
 *     socket?.write('Hello!\r\n')
 *     socket?.close()
 *   },
 * }
 * ```
 */
export interface Service {
  /** For logs, and for peers who are told that it is full. */
  readonly name: string
  /**
   * A connection is offered. Acquire it, here or before the promise that is returned settles; or decline it with a
   * sentence that the peer is told. Whatever is not acquired stays with inetd, which says sorry and closes it.
   */
  connected(offer: StreamOffer<Arrival>): void | Promise<void>
  /** So many connections at a time, and no more. Default: no limit. */
  readonly limit?: number
}
