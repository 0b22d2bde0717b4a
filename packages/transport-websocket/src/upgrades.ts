import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { Address, LinkFacts, ListenerSink, ProxyFacts } from '@mudwire/core'
import { ignoreError, tlsFacts } from '@mudwire/transport-tcp/internal'
import { WebSocketServer } from 'ws'
import { ForwardedHeader } from './forwarded.ts'
import { answer } from './http-answer.ts'
import { Liveness } from './liveness.ts'
import { isAllowed } from './origin.ts'
import { PlainFacts } from './plain-facts.ts'
import { WebSocketLink } from './websocket-link.ts'
import type { UpgradeSettings } from './websocket-options.ts'
import { wsOptions } from './ws-options.ts'

/** The two ends of the connection that asks for an upgrade. */
export interface Ends {
  readonly local: Address
  /** Who is at the other end, by the word of a PROXY header if there was one. */
  readonly remote: Address
  readonly proxy: ProxyFacts | undefined
}

/** Turns upgrade requests into links, or answers them with why not. */
export class Upgrades {
  readonly #settings: UpgradeSettings
  readonly #sink: ListenerSink
  readonly #webSockets: WebSocketServer
  readonly #liveness: Liveness
  readonly #forwarded: ForwardedHeader | undefined
  readonly #plainFacts: PlainFacts

  constructor(settings: UpgradeSettings, sink: ListenerSink) {
    this.#settings = settings
    this.#sink = sink
    this.#liveness = new Liveness(settings.pingIntervalMs)
    this.#forwarded = settings.forwarded && new ForwardedHeader(settings.forwarded)
    this.#plainFacts = new PlainFacts(settings)
    this.#webSockets = new WebSocketServer({
      ...wsOptions(settings),
      noServer: true,
      clientTracking: false,
      // Left alone, ws takes the first subprotocol that a client offers, whatever it is.
      handleProtocols: () => false,
    })
    this.#webSockets.on('wsClientError', (error, socket) => {
      answer(socket, 400, error.message)
      this.#sink.failed(error)
    })
  }

  /** Takes an upgrade request at our path, from a peer that has been admitted. */
  take(request: IncomingMessage, socket: Socket, head: Buffer, ends: Ends): void {
    const { origin, host } = request.headers
    if (!isAllowed(this.#settings.origins, origin, host)) {
      answer(socket, 403, 'Pages of this origin may not connect here.')
      return
    }
    const forwarded = this.#forwarded?.read(ends.remote, request.headers)
    const proxy = forwarded?.proxy ?? ends.proxy
    const facts = this.#factsOf(request, socket, proxy)
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      // ws listens from now on.
      socket.off('error', ignoreError)
      const link = new WebSocketLink({
        webSocket,
        socket,
        head,
        local: ends.local,
        remote: forwarded?.remote ?? ends.remote,
        facts,
        text: this.#settings.text,
        liveness: this.#liveness,
      })
      this.#sink.accept(link)
    })
  }

  /** Copies the little that is worth keeping, so that the request can go. */
  #factsOf(request: IncomingMessage, socket: Duplex, proxy: ProxyFacts | undefined): LinkFacts {
    const own = 'encrypted' in socket ? tlsFacts(socket as unknown as TLSSocket) : undefined
    const plain = this.#plainFacts.of(request)
    if (!own && !proxy) return plain
    return Object.freeze({
      ...plain,
      secure: proxy?.secure ?? own !== undefined,
      ...(own?.tls && { tls: own.tls }),
      ...(proxy && { proxy }),
    })
  }
}
