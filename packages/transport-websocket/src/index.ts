/**
 * WebSocket for Mudwire, on `ws`, beside the pages of a `node:http` server that stays its owner's.
 *
 * @packageDocumentation
 */
import type { Transport } from '@mudwire/core'
import { WebSocketListening } from './websocket-listening.ts'
import { type WebSocketOptions, withDefaults } from './websocket-options.ts'

export type { WebSocketOptions } from './websocket-options.ts'

/** A transport that listens. */
export type WebSocketTransport = Transport & Required<Pick<Transport, 'listen'>>

/**
 * Makes a WebSocket transport on an HTTP server. The server listens, answers requests and is closed by whoever owns
 * it; its `headersTimeout` is the deadline for a half-finished upgrade.
 *
 * ```ts
 * const server = createServer(pages).listen(8080)
 * inetd.listen(webSocket({ server, path: '/ws' }), { accepted })
 * ```
 *
 * @throws TypeError for a path that is none.
 */
export function webSocket(options: WebSocketOptions): WebSocketTransport {
  const settings = withDefaults(options)
  return {
    name: 'websocket',
    async listen(sink, { signal }) {
      signal?.throwIfAborted()
      return new WebSocketListening(settings, sink)
    },
  }
}
