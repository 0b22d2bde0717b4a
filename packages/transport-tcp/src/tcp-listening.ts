import { createServer, type Server, type Socket } from 'node:net'
import { type Address, ipAddress, type ListenerSink, type Listening } from '@mudwire/core'
import { TcpLink } from './tcp-link.ts'
import type { TcpSettings } from './tcp-options.ts'

/** Starts to listen; rejects where the address cannot be had. */
export function listen(
  settings: TcpSettings,
  sink: ListenerSink,
  signal: AbortSignal | undefined,
): Promise<Listening> {
  const { port, host, backlog, keepAliveMs, noDelay } = settings
  const server = createServer({
    allowHalfOpen: true,
    pauseOnConnect: true,
    noDelay,
    keepAlive: keepAliveMs > 0,
    keepAliveInitialDelay: keepAliveMs,
  })
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      server.close()
      reject(signal?.reason)
    }
    if (signal?.aborted) {
      abort()
      return
    }
    signal?.addEventListener('abort', abort, { once: true })
    server.once('error', reject)
    server.listen({ host, port, backlog }, () => {
      signal?.removeEventListener('abort', abort)
      server.off('error', reject)
      resolve(new TcpListening(server, sink))
    })
  })
}

class TcpListening implements Listening {
  readonly addresses: readonly Address[]
  readonly #server: Server
  readonly #sink: ListenerSink
  #closed = false

  constructor(server: Server, sink: ListenerSink) {
    this.#server = server
    this.#sink = sink
    const address = server.address()
    this.addresses =
      typeof address === 'object' && address !== null ? [ipAddress(address.address, address.port)] : []
    server.on('connection', this.#onConnection)
    server.on('error', (error) => sink.failed(error))
  }

  /** A TCP link costs nothing while it waits: it is given away at once and waits, unread, in the listener's queue. */
  pause(): void {}

  resume(): void {}

  close(): void {
    if (this.#closed) return
    this.#closed = true
    // The server's own `close` would wait for every connection to end.
    this.#server.close()
    process.nextTick(() => this.#sink.close({ by: 'local', kind: 'end', code: 'closed' }))
  }

  readonly #onConnection = (socket: Socket): void => {
    const { remoteAddress, remotePort, localAddress, localPort } = socket
    // A peer that reset the connection before it was accepted has no address any more.
    if (!remoteAddress || remotePort === undefined || !localAddress || localPort === undefined) {
      socket.destroy()
      return
    }
    const remote = ipAddress(remoteAddress, remotePort)
    if (this.#closed || !this.#sink.admit(remote)) {
      socket.destroy()
      return
    }
    this.#sink.accept(new TcpLink(socket, ipAddress(localAddress, localPort), remote))
  }
}
