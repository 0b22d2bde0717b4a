import { connect, type Socket } from 'node:net'
import type { Random } from '../random.ts'
import { Peer } from './peer.ts'
import { reset } from './reset.ts'

/** A bare TCP client. */
class TcpPeer extends Peer {
  readonly kind = 'tcp'
  readonly #socket: Socket

  constructor(socket: Socket, random: Random, over: (peer: Peer) => void) {
    super(socket.localPort as number, random, over)
    this.#socket = socket
    socket.on('data', (chunk) => this.came(chunk))
    socket.on('end', () => {
      this.sawEnd = true
      // Some take their time with their own end.
      if (!this.random.onceIn(4)) this.#finishToo()
    })
    socket.on('close', () => this.closed())
  }

  protected get unsent(): number {
    return this.#socket.writableLength
  }

  protected write(chunk: Buffer): void {
    this.#socket.write(chunk)
  }

  protected pause(): void {
    this.#socket.pause()
  }

  protected resume(): void {
    this.#socket.resume()
  }

  protected end(): void {
    this.#socket.end()
  }

  protected breakOff(): void {
    reset(this.#socket)
  }

  #finishToo(): void {
    this.finished = true
    this.#socket.end()
  }
}

/** Connects; rejects when nobody is there. */
export function connectTcp(
  port: number,
  random: Random,
  opened: (peer: Peer) => void,
  over: (peer: Peer) => void,
  failed: () => void,
): void {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true })
  socket.once('error', failed)
  socket.once('connect', () => {
    socket.off('error', failed)
    // Its close tells of it.
    socket.on('error', () => {})
    opened(new TcpPeer(socket, random, over))
  })
}
