import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { ipAddress, type Link, type LinkFacts } from '@mudwire/core'
import { tlsFacts } from '@mudwire/transport-tcp/internal'
import { WebSocket } from 'ws'
import type { Liveness } from './liveness.ts'
import { WebSocketLink } from './websocket-link.ts'
import type { ClientOptions, LinkSettings } from './websocket-options.ts'
import { wsOptions } from './ws-options.ts'

const NO_BYTES = new Uint8Array(0)
const PLAIN: LinkFacts = Object.freeze({ secure: false })

/** Connects and asks for the upgrade; rejects where either is refused, or when the signal is aborted. */
export function connect(
  options: ClientOptions,
  settings: LinkSettings,
  liveness: Liveness,
  signal: AbortSignal | undefined,
): Promise<Link> {
  const { url, headers, ca, verify = true } = options
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const webSocket = new WebSocket(url, [], {
      ...wsOptions(settings),
      rejectUnauthorized: verify,
      ...(headers && { headers }),
      ...(ca !== undefined && { ca }),
    })
    let upgraded: Socket | undefined
    const abort = (): void => {
      webSocket.terminate()
      reject(signal?.reason)
    }
    const fail = (error: Error): void => {
      signal?.removeEventListener('abort', abort)
      reject(error)
    }
    signal?.addEventListener('abort', abort, { once: true })
    webSocket.once('upgrade', ({ socket }: IncomingMessage) => {
      upgraded = socket
    })
    webSocket.on('error', fail)
    webSocket.once('open', () => {
      signal?.removeEventListener('abort', abort)
      // An upgrade that has been accepted has a socket.
      const link = linkOf(webSocket, upgraded as Socket, settings, liveness)
      webSocket.off('error', fail)
      resolve(link)
    })
  })
}

function linkOf(
  webSocket: WebSocket,
  socket: Socket,
  { text }: LinkSettings,
  liveness: Liveness,
): WebSocketLink {
  return new WebSocketLink({
    webSocket,
    socket,
    // What came behind the answer was put back by ws, and is still to come.
    head: NO_BYTES,
    // A socket that is connected has both of its addresses.
    local: ipAddress(socket.localAddress as string, socket.localPort as number),
    remote: ipAddress(socket.remoteAddress as string, socket.remotePort as number),
    facts: 'encrypted' in socket ? tlsFacts(socket as TLSSocket) : PLAIN,
    text,
    liveness,
  })
}
