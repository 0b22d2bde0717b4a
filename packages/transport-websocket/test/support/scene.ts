import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect, type Socket as TcpSocket } from 'node:net'
import {
  type CloseReason,
  createDriver,
  type Driver,
  type Listener,
  type Owner,
  type Socket,
  type StreamOffer,
} from '@mudwire/core'
import { onTestFinished } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { type AttachedOptions, webSocket } from '../../src/index.ts'
import { closeServer, listeningServer, portOf } from './raw-websocket.ts'

/** A server with a WebSocket listener whose connections go to `accepted`. */
export interface Scene {
  readonly server: Server
  readonly port: number
  readonly driver: Driver
  readonly owner: Owner
  readonly listener: Listener
}

export async function listenAt(
  accepted: (offer: StreamOffer<undefined>) => void,
  options: Partial<AttachedOptions> = {},
): Promise<Scene> {
  const server = (options.server as Server | undefined) ?? (await listeningServer())
  const driver = createDriver()
  const owner = driver.owner('inetd')
  const listener = owner.listen(webSocket({ server, ...options }), { accepted })
  await listener.opened
  onTestFinished(async () => {
    await driver.close({ deadlineMs: 100 })
    await closeServer(server)
  })
  return { server, port: portOf(server), driver, owner, listener }
}

/** A client that is open. */
export async function open(port: number, path = '/ws', options: ClientOptions = {}): Promise<WebSocket> {
  const client = new WebSocket(`ws://127.0.0.1:${port}${path}`, { perMessageDeflate: false, ...options })
  client.on('error', () => {})
  await once(client, 'open')
  return client
}

/** The status of an upgrade that is refused. */
export function refusedStatus(
  port: number,
  path = '/ws',
  options: ClientOptions = {},
): Promise<number | undefined> {
  const client = new WebSocket(`ws://127.0.0.1:${port}${path}`, options)
  return new Promise((resolve) => {
    client.on('error', () => {})
    client.once('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode)
    })
    client.once('close', () => resolve(undefined))
  })
}

/** A socket on which the test writes the bytes of the protocol itself; its handshake is done. */
export async function rawUpgrade(port: number): Promise<TcpSocket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    [
      'GET /ws HTTP/1.1',
      'Host: 127.0.0.1',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      '',
      '',
    ].join('\r\n'),
  )
  await once(socket, 'data')
  return socket
}

/** A client's frame, masked with zeros. */
export function frame(opcode: number, payload: string | Uint8Array, fin = true): Buffer {
  const body = Buffer.from(payload)
  const length = body.length < 126 ? [0x80 | body.length] : [0x80 | 126, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode, ...length, 0, 0, 0, 0]), body])
}

/** What a listener's sockets heard. */
export interface Heard {
  readonly lines: string[]
  readonly closes: CloseReason[]
  readonly sockets: Socket[]
  readonly accepted: (offer: StreamOffer<undefined>) => void
  /** Waits until it is so. */
  until(holds: () => boolean): Promise<void>
}

export function hear(): Heard {
  const waiting = new Set<() => void>()
  const changed = (): void => {
    for (const look of waiting) look()
  }
  const heard: Heard = {
    lines: [],
    closes: [],
    sockets: [],
    accepted(offer) {
      const socket = offer.acquire({
        line: (text) => {
          heard.lines.push(text)
          changed()
        },
        close: (reason) => {
          heard.closes.push(reason)
          changed()
        },
      })
      if (socket) heard.sockets.push(socket)
      changed()
    },
    until: (holds) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!holds()) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
  return heard
}
