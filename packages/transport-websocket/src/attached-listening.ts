import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Address, ipAddress, type ListenerSink, type Listening } from '@mudwire/core'
import { answer } from './http-answer.ts'
import { takePath } from './upgrade-paths.ts'
import { type Ends, Upgrades } from './upgrades.ts'
import type { AttachedOptions, UpgradeSettings } from './websocket-options.ts'

/** When to ask again, while the listener takes nobody. */
const RETRY_AFTER_S = '5'

/** Takes WebSocket connections at one path of an HTTP server that is somebody else's. */
export class AttachedListening implements Listening {
  readonly #server: AttachedOptions['server']
  readonly #sink: ListenerSink
  readonly #upgrades: Upgrades
  readonly #givePathBack: () => void
  #paused = false
  #closed = false

  constructor(server: AttachedOptions['server'], settings: UpgradeSettings, sink: ListenerSink) {
    this.#server = server
    this.#sink = sink
    this.#upgrades = new Upgrades(settings, sink)
    this.#givePathBack = takePath(server, settings.path, this.#onUpgrade)
    server.on('close', this.#onServerClose)
  }

  /** The server's own addresses; none before it listens. */
  get addresses(): readonly Address[] {
    const address = this.#server.address()
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
    this.#server.off('close', this.#onServerClose)
    process.nextTick(tell)
  }

  readonly #onUpgrade = (request: IncomingMessage, duplex: Duplex, head: Buffer): void => {
    // Node types the socket of an upgrade for every kind of server; that of an HTTP server is a net.Socket.
    const socket = duplex as Socket
    const ends = endsOf(socket)
    if (!ends || !this.#sink.admit(ends.remote)) socket.destroy()
    else if (this.#paused) {
      answer(socket, 503, 'Nobody takes connections right now.', { 'Retry-After': RETRY_AFTER_S })
    } else this.#upgrades.take(request, socket, head, ends)
  }
}

/** Undefined for a peer that is gone already. */
function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): Ends | undefined {
  if (!remoteAddress || remotePort === undefined || !localAddress || localPort === undefined) return undefined
  return {
    local: ipAddress(localAddress, localPort),
    remote: ipAddress(remoteAddress, remotePort),
    proxy: undefined,
  }
}
