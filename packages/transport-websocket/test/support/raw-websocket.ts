import { createServer, type Server } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Address } from '@mudwire/core'
import type { RawPeer } from '@mudwire/transport-conformance'
import { type ClientOptions, WebSocket } from 'ws'

/** An HTTP server on a free port of this machine, or another that is given. */
export async function listeningServer(
  server: Server | HttpsServer = createServer(),
): Promise<Server | HttpsServer> {
  server.on('request', (_request, response) => response.end('a page'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

export function portOf(server: Server | HttpsServer): number {
  return (server.address() as AddressInfo).port
}

export function closeServer(server: Server | HttpsServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** A WebSocket client as `ws` makes it, and the TCP socket beneath; with `ca` it speaks TLS in between. */
export function dialWebSocket(
  { address, port = 0 }: Address,
  path = '/ws',
  options: ClientOptions = {},
): Promise<RawPeer> {
  const { ca } = options
  const socket = connect({ host: address, port })
  const client = new WebSocket(`${ca ? 'wss' : 'ws'}://${address}:${port}${path}`, {
    perMessageDeflate: false,
    ...options,
    createConnection: () => (ca ? connectTls({ socket, ca, host: address }) : socket),
  } as ClientOptions)
  return new Promise((resolve, reject) => {
    client.once('error', reject)
    // Whoever is answered at once may get a message in the chunk of the upgrade itself.
    const peer = new RawWebSocket(client, socket)
    client.once('open', () => {
      client.off('error', reject)
      resolve(peer)
    })
  })
}

class RawWebSocket implements RawPeer {
  readonly received: (string | Uint8Array)[] = []
  onChange: (() => void) | undefined
  ended: RawPeer['ended']
  readonly #client: WebSocket
  readonly #socket: Socket

  constructor(client: WebSocket, socket: Socket) {
    this.#client = client
    this.#socket = socket
    client.on('message', (data: Buffer, isBinary) => {
      this.received.push(isBinary ? data : data.toString())
      this.onChange?.()
    })
    client.on('error', () => {})
    client.on('close', (code) => {
      this.ended ??= { clean: code !== 1006, code }
      this.onChange?.()
    })
  }

  get unsent(): number {
    return this.#client.bufferedAmount
  }

  send(data: string | Uint8Array): void {
    this.#client.send(data)
  }

  end(): void {
    this.#client.close()
  }

  close(): void {
    this.#client.close(1000)
  }

  reset(): void {
    this.#socket.resetAndDestroy()
  }

  pause(): void {
    this.#client.pause()
  }

  resume(): void {
    this.#client.resume()
  }
}
