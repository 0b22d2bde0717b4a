import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Address, ipAddress, type LinkFacts, type ListenerSink, type Listening } from '@mudwire/core'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import { answer } from './http-answer.ts'
import { Liveness } from './liveness.ts'
import { isAllowed } from './origin.ts'
import { pathOf, takePath } from './upgrade-paths.ts'
import { WebSocketLink } from './websocket-link.ts'
import type { WebSocketSettings } from './websocket-options.ts'

/** Longer than core lets a closed link linger, so that core is the one who ends it. */
const CLOSE_TIMEOUT_MS = 32_000
/** When to ask again, while the listener takes nobody. */
const RETRY_AFTER_S = '5'

/** Takes WebSocket connections at one path of an HTTP server that is somebody else's. */
export class WebSocketListening implements Listening {
  readonly #settings: WebSocketSettings
  readonly #sink: ListenerSink
  readonly #webSockets: WebSocketServer
  readonly #liveness: Liveness
  readonly #givePathBack: () => void
  #paused = false
  #closed = false

  constructor(settings: WebSocketSettings, sink: ListenerSink) {
    this.#settings = settings
    this.#sink = sink
    this.#liveness = new Liveness(settings.pingIntervalMs)
    const options: ServerOptions & { readonly closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: settings.maxMessage,
      maxFragments: settings.maxFragments,
      closeTimeout: CLOSE_TIMEOUT_MS,
      // Left alone, ws takes the first subprotocol that a client offers, whatever it is.
      handleProtocols: () => false,
    }
    this.#webSockets = new WebSocketServer(options)
    this.#webSockets.on('wsClientError', this.#onClientError)
    this.#givePathBack = takePath(settings.server, settings.path, this.#onUpgrade)
    settings.server.on('close', this.#onServerClose)
  }

  /** The server's own addresses; none before it listens. */
  get addresses(): readonly Address[] {
    const address = this.#settings.server.address()
    if (typeof address !== 'object' || address === null) return []
    return [ipAddress(address.address, address.port)]
  }

  /** The server is another's and goes on accepting, so new clients are asked to come back. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
  }

  close(): void {
    this.#end(() => this.#sink.close({ by: 'local', kind: 'end', code: 'closed' }))
  }

  readonly #onServerClose = (): void => {
    this.#end(() => this.#sink.close({ by: 'transport', kind: 'end', code: 'server-closed' }))
  }

  #end(tell: () => void): void {
    if (this.#closed) return
    this.#closed = true
    this.#givePathBack()
    this.#settings.server.off('close', this.#onServerClose)
    process.nextTick(tell)
  }

  readonly #onUpgrade = (request: IncomingMessage, duplex: Duplex, head: Buffer): void => {
    // Node types the socket of an upgrade for every kind of server; that of an HTTP server is a net.Socket.
    const socket = duplex as Socket
    const { remoteAddress, remotePort, localAddress, localPort } = socket
    const { origin, host } = request.headers
    if (!remoteAddress || remotePort === undefined || !localAddress || localPort === undefined) {
      socket.destroy()
      return
    }
    const remote = ipAddress(remoteAddress, remotePort)
    if (!this.#sink.admit(remote)) socket.destroy()
    else if (this.#paused)
      answer(socket, 503, 'Nobody takes connections right now.', { 'Retry-After': RETRY_AFTER_S })
    else if (!isAllowed(this.#settings.origins, origin, host)) {
      answer(socket, 403, 'Pages of this origin may not connect here.')
    } else {
      const local = ipAddress(localAddress, localPort)
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.#accept(webSocket, socket, head, local, remote, this.#factsOf(request, socket))
      })
    }
  }

  #accept(
    webSocket: WebSocket,
    socket: Socket,
    head: Buffer,
    local: Address,
    remote: Address,
    facts: LinkFacts,
  ): void {
    const link = new WebSocketLink({
      webSocket,
      socket,
      head,
      local,
      remote,
      facts,
      text: this.#settings.text,
      closed: (gone) => this.#liveness.forget(gone),
    })
    this.#liveness.watch(link)
    this.#sink.accept(link)
  }

  /** Copies the little that is worth keeping, so that the request can go. */
  #factsOf(request: IncomingMessage, socket: Socket): LinkFacts {
    const headers: Record<string, string> = {}
    for (const name of this.#settings.headers) {
      const value = request.headers[name]
      if (typeof value === 'string') headers[name] = value
    }
    return Object.freeze({
      secure: 'encrypted' in socket,
      path: pathOf(request),
      headers: Object.freeze(headers),
    })
  }

  readonly #onClientError = (error: Error, socket: Duplex): void => {
    answer(socket, 400, error.message)
    this.#sink.failed(error)
  }
}
