import { createServer, type ListenOptions, type Server, type Socket } from 'node:net'
import { type Address, ipAddress } from '@mudwire/core'

/** How the kernel is to treat the connections of a listener. */
export interface NetSettings {
  readonly keepAliveMs: number
  readonly noDelay: boolean
}

/** Servers that listen on one or several addresses, as one. */
export interface NetServers {
  readonly addresses: readonly Address[]
  /** Stops accepting at once. */
  close(): void
}

interface Callbacks {
  /** `local` is its own address, where that is known without asking the system. */
  connection(socket: Socket, local: Address | undefined): void
  failed(error: Error): void
}

/** Listens on every address, or on none: rejects where one of them cannot be had. */
export async function openServers(
  places: readonly ListenOptions[],
  settings: NetSettings,
  callbacks: Callbacks,
  signal: AbortSignal | undefined,
): Promise<NetServers> {
  const servers: Server[] = []
  const close = (): void => {
    for (const server of servers) server.close()
  }
  try {
    for (const place of places) {
      signal?.throwIfAborted()
      // Port 0 is the same free port on every address.
      const first = servers[0]?.address()
      const port = place.port === 0 && typeof first === 'object' && first !== null ? first.port : place.port
      servers.push(await openServer({ ...place, ...(port !== undefined && { port }) }, settings))
    }
    signal?.throwIfAborted()
  } catch (error) {
    close()
    throw error
  }
  for (const server of servers) {
    const local = specificAddress(server)
    server.on('connection', (socket) => callbacks.connection(socket, local))
    // Failed accepts, for want of descriptors say.
    server.on('error', callbacks.failed)
  }
  return { addresses: servers.map(addressOf), close }
}

function openServer(place: ListenOptions, { keepAliveMs, noDelay }: NetSettings): Promise<Server> {
  const server = createServer({
    allowHalfOpen: true,
    pauseOnConnect: true,
    noDelay,
    keepAlive: keepAliveMs > 0,
    keepAliveInitialDelay: keepAliveMs,
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(place, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}

/** Every connection of a server has the server's own address, unless that stands for several. */
function specificAddress(server: Server): Address | undefined {
  const local = addressOf(server)
  return local.address === '0.0.0.0' || local.address === '::' ? undefined : local
}

function addressOf(server: Server): Address {
  const address = server.address()
  if (typeof address === 'string') return { family: 'unix', address }
  if (address === null) throw new Error('A server that listens has an address.')
  return ipAddress(address.address, address.port)
}
