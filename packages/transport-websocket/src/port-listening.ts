import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ListenerSink, Listening } from '@mudwire/core'
import {
  type Arrival,
  type Certificates,
  type HandshakeSettings,
  Intake,
  openServers,
  SocketListening,
  type TcpSettings,
  TlsHandshakes,
} from '@mudwire/transport-tcp/internal'
import { answer } from './http-answer.ts'
import { pathOf } from './upgrade-paths.ts'
import { Upgrades } from './upgrades.ts'
import type { UpgradeSettings } from './websocket-options.ts'

/** What a port of its own needs to know. */
export interface PortSettings {
  readonly net: TcpSettings
  readonly upgrade: UpgradeSettings
  readonly upgradeDeadlineMs: number
  /** For `wss`. */
  readonly tls: { readonly handshake: HandshakeSettings; readonly certificates: Certificates } | undefined
}

/** A connection on its way to the HTTP server, and what to call when it has been upgraded or is gone. */
interface UnderWay {
  readonly arrival: Arrival
  readonly done: () => void
}

/** Listens for WebSocket connections on a port of its own: every request that is no upgrade at our path is refused. */
export async function listenOnPort(
  { net, upgrade, upgradeDeadlineMs, tls }: PortSettings,
  sink: ListenerSink,
  signal: AbortSignal | undefined,
): Promise<Listening> {
  await tls?.certificates.load()
  const upgrades = new Upgrades(upgrade, sink)
  const underWay = new WeakMap<Duplex, UnderWay>()
  const server = refusingServer()
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const found = underWay.get(socket)
    if (found) {
      underWay.delete(socket)
      socket.off('close', found.done)
      found.done()
    }
    if (!found || pathOf(request) !== upgrade.path) answer(socket, 404, 'Nothing is upgraded here.')
    else upgrades.take(request, socket as Socket, head, found.arrival)
  })

  const giveToServer = (socket: Socket, arrival: Arrival, done: () => void): void => {
    underWay.set(socket, { arrival, done })
    socket.once('close', done)
    server.emit('connection', socket)
    // Connections are accepted paused.
    socket.resume()
  }
  const handshakes =
    tls &&
    new TlsHandshakes(tls.handshake, tls.certificates, {
      secured: (socket, arrival, done) => giveToServer(socket, arrival, done),
      failed: (error) => sink.failed(error),
    })
  const options = { proxy: net.proxy, handshake: true, deadlineMs: upgradeDeadlineMs }
  const intake = new Intake(sink, options, (arrival, done) => {
    if (handshakes) handshakes.start(arrival, done)
    else giveToServer(arrival.socket, arrival, done)
  })
  const callbacks = { connection: intake.take, failed: (error: Error) => sink.failed(error) }
  const servers = await openServers(net.places, net, callbacks, signal)
  return new SocketListening(servers, intake, sink, () => handshakes?.close())
}

/** An HTTP server that never listens itself, and has nothing to say but how to ask. */
function refusingServer(): Server {
  const server = createServer((_request, response) => {
    response.writeHead(426, {
      Connection: 'close, Upgrade',
      Upgrade: 'websocket',
      'Content-Type': 'text/plain',
    })
    response.end('This port speaks WebSocket.\n')
  })
  server.on('clientError', (_error, socket) => {
    if (socket.writable) answer(socket, 400, 'This is not HTTP.')
    else socket.destroy()
  })
  return server
}
