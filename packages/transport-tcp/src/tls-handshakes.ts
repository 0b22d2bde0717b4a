import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { Certificates } from './certificates.ts'
import type { Arrival } from './intake.ts'
import type { HandshakeSettings } from './tls-options.ts'

interface Pending {
  readonly arrival: Arrival
  readonly done: () => void
}

/** What becomes of a handshake. */
export interface HandshakeEvents {
  /** `done` is to be called when whatever comes behind the handshake is over, too. */
  secured(socket: TLSSocket, arrival: Arrival, done: () => void): void
  failed(error: Error): void
}

/**
 * A TLS server that never listens: connections are put into it when they have been admitted, and come out when their
 * handshake is done.
 */
export class TlsHandshakes {
  readonly #server: Server
  readonly #pending = new Map<string, Pending>()
  readonly #stopWatching: () => void

  constructor(settings: HandshakeSettings, certificates: Certificates, events: HandshakeEvents) {
    const { clientCertificates, alpn, handshakeDeadlineMs } = settings
    this.#server = createServer({
      ...certificates.first,
      allowHalfOpen: true,
      pauseOnConnect: true,
      handshakeTimeout: handshakeDeadlineMs,
      SNICallback: (servername, callback) => callback(null, certificates.contextFor(servername)),
      ...(alpn.length > 0 && { ALPNProtocols: [...alpn] }),
      ...(clientCertificates && {
        requestCert: true,
        rejectUnauthorized: clientCertificates.required,
      }),
    })
    this.#server.on('secureConnection', (socket) => {
      const pending = this.#finish(socket)
      if (pending) events.secured(socket, pending.arrival, pending.done)
      else socket.destroy()
    })
    this.#server.on('tlsClientError', (error, socket) => {
      socket.destroy()
      events.failed(error)
    })
    // setSecureContext takes anything without a word; what comes here has been checked.
    this.#stopWatching = certificates.onChange((first) => this.#server.setSecureContext(first))
  }

  /** Starts the handshake of a connection. */
  start(arrival: Arrival, done: () => void): void {
    const { socket } = arrival
    const key = keyOf(socket)
    this.#pending.set(key, { arrival, done })
    socket.once('close', () => {
      if (this.#pending.delete(key)) done()
    })
    this.#server.emit('connection', socket)
  }

  close(): void {
    this.#stopWatching()
  }

  #finish(socket: TLSSocket): Pending | undefined {
    const key = keyOf(socket)
    const pending = this.#pending.get(key)
    this.#pending.delete(key)
    return pending
  }
}

/** The ends of a connection name it: the TLS socket that comes out does not say which one went in. */
function keyOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
