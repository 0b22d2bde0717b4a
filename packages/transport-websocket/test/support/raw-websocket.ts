import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Address } from '@mudwire/core'
import type { RawPeer } from '@mudwire/transport-conformance'
import { WebSocket } from 'ws'

/** An HTTP server on a free port of this machine. */
export async function listeningServer(): Promise<Server> {
  const server = createServer((_request, response) => {
    response.end('a page')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** A WebSocket client as `ws` makes it, and the socket beneath. */
export function dialWebSocket({ address, port }: Address, path = '/ws'): Promise<RawPeer> {
  const client = new WebSocket(`ws://${address}:${port}${path}`, { perMessageDeflate: false })
  let socket: Socket | undefined
  client.once('upgrade', (response) => {
    socket = response.socket
  })
  return new Promise((resolve, reject) => {
    client.once('error', reject)
    // Whoever is answered at once may get a message in the chunk of the upgrade itself.
    const peer = new RawWebSocket(client)
    client.once('open', () => {
      client.off('error', reject)
      if (socket) peer.socket = socket
      resolve(peer)
    })
  })
}

class RawWebSocket implements RawPeer {
  readonly received: (string | Uint8Array)[] = []
  onChange: (() => void) | undefined
  ended: RawPeer['ended']
  socket: Socket | undefined
  readonly #client: WebSocket

  constructor(client: WebSocket) {
    this.#client = client
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
    this.socket?.resetAndDestroy()
  }

  pause(): void {
    this.#client.pause()
  }

  resume(): void {
    this.#client.resume()
  }
}
