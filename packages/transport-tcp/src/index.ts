/**
 * TCP for Mudwire: `tcp({ port: 4000 })` is configuration and transport in one, for listening and for connecting.
 *
 * @packageDocumentation
 */
import type { Transport } from '@mudwire/core'
import { connect } from './tcp-connecting.ts'
import { listen } from './tcp-listening.ts'
import { type TcpOptions, withDefaults } from './tcp-options.ts'

export type { TcpOptions } from './tcp-options.ts'

/** A transport that can both listen and connect. */
export type TcpTransport = Transport & Required<Pick<Transport, 'listen' | 'connect'>>

/**
 * Makes a TCP transport.
 *
 * ```ts
 * const listener = inetd.listen(tcp({ port: 4000 }), { accepted })
 * const [address] = await listener.opened
 * ```
 *
 * @throws TypeError for a port that is none.
 */
export function tcp(options: TcpOptions): TcpTransport {
  const settings = withDefaults(options)
  return {
    name: 'tcp',
    listen: (sink, { signal }) => listen(settings, sink, signal),
    connect: ({ signal }) => connect(settings, signal),
  }
}
