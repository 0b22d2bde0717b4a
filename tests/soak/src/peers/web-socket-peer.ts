import { connect, type Socket } from 'node:net'
import { type ClientOptions, WebSocket } from 'ws'
import type { Random } from '../random.ts'
import { Peer } from './peer.ts'
import { reset } from './reset.ts'

const ABNORMAL = 1006
/** After its Close frame `ws` waits so long, and then breaks off. The types do not know of it. */
const PATIENCE: ClientOptions & { readonly closeTimeout: number } = { closeTimeout: 600_000 }
/** The beginning of a frame of 100 bytes that is masked with zeros; the rest never comes. */
const HALF_A_FRAME = Buffer.from([0x82, 0x80 | 100, 0, 0, 0, 0, 1, 2, 3])

/** A client of `ws`, on a socket that can be reached beneath it. */
class WebSocketPeer extends Peer {
  readonly kind = 'websocket'
  readonly #webSocket: WebSocket
  readonly #socket: Socket

  constructor(webSocket: WebSocket, socket: Socket, random: Random, over: (peer: Peer) => void) {
    super(socket.localPort as number, random, over)
    this.#webSocket = webSocket
    this.#socket = socket
    webSocket.on('message', (data: Buffer) => this.came(data))
    webSocket.on('close', (code) => {
      if (code !== ABNORMAL) this.sawEnd = true
      this.finished = true
      this.closed()
    })
  }

  protected get unsent(): number {
    return this.#webSocket.bufferedAmount
  }

  protected write(chunk: Buffer, asText: boolean): void {
    // What is sent behind the other side's Close goes nowhere, and `finished` comes only with the close itself.
    this.#webSocket.send(chunk, { binary: !asText, fin: true }, () => {})
  }

  protected pause(): void {
    this.#webSocket.pause()
  }

  protected resume(): void {
    this.#webSocket.resume()
  }

  protected end(): void {
    // Without a Close frame it is as good, between two messages.
    if (this.random.onceIn(8)) this.#socket.end()
    else this.#webSocket.close(1000)
  }

  protected breakOff(): void {
    if (this.random.onceIn(2)) reset(this.#socket)
    else this.#socket.end(HALF_A_FRAME)
  }
}

/** Connects and upgrades; calls `failed` when that is refused. */
export function connectWebSocket(
  port: number,
  random: Random,
  opened: (peer: Peer) => void,
  over: (peer: Peer) => void,
  failed: () => void,
): void {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
    ...PATIENCE,
    createConnection: () => socket,
    perMessageDeflate: false,
  })
  webSocket.once('error', failed)
  webSocket.once('open', () => {
    webSocket.off('error', failed)
    webSocket.on('error', () => {})
    opened(new WebSocketPeer(webSocket, socket, random, over))
  })
}
