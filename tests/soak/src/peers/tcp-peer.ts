import { connect, type Socket } from 'node:net'
import type { Kind } from '../messages.ts'
import type { Random } from '../random.ts'
import { Peer } from './peer.ts'
import { reset } from './reset.ts'

/** A bare TCP client. */
export class TcpPeer extends Peer {
  readonly kind: Kind = 'tcp'
  protected readonly socket: Socket

  constructor(socket: Socket, random: Random, over: (peer: Peer) => void) {
    super(socket.localPort as number, random, over)
    this.socket = socket
    socket.on('data', (chunk) => this.read(chunk))
    socket.on('end', () => this.ended())
    socket.on('close', () => this.closed())
  }

  protected get unsent(): number {
    return this.socket.writableLength
  }

  protected write(chunk: Buffer): void {
    this.socket.write(chunk)
  }

  protected pause(): void {
    this.socket.pause()
  }

  protected resume(): void {
    this.socket.resume()
  }

  protected end(): void {
    this.socket.end()
  }

  protected breakOff(): void {
    reset(this.socket)
  }

  protected read(chunk: Buffer): void {
    this.came(chunk)
  }

  protected ended(): void {
    this.sawEnd = true
    // Some take their time with their own end.
    if (this.random.onceIn(4)) return
    this.finished = true
    this.end()
  }
}

/** Connects as a kind of peer; calls `failed` when nobody is there. */
export function connectTcp(
  PeerOfKind: typeof TcpPeer,
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
    opened(new PeerOfKind(socket, random, over))
  })
}
