import type { FromPeers, Kind, PeerSide, ToPeers } from '../messages.ts'
import { Random } from '../random.ts'
import type { Peer } from './peer.ts'
import { connectTcp, TcpPeer } from './tcp-peer.ts'
import { TelnetPeer } from './telnet-peer.ts'
import { connectWebSocket } from './web-socket-peer.ts'

type Start = Extract<ToPeers, { do: 'start' }>

const TICK_MS = 10
/** Each peer acts about so often in a second. */
const ACTS_PER_SECOND = 4
/** So many connections are made in a tick, at most. */
const CONNECTS_PER_TICK = 20

const CONNECT = {
  tcp: connectTcp.bind(undefined, TcpPeer),
  telnet: connectTcp.bind(undefined, TelnetPeer),
  websocket: connectWebSocket,
} as const
const KINDS: readonly Kind[] = ['tcp', 'telnet', 'websocket']

/** All peers of a round: keeps so many connected, lets them act, and tells of those that are over. */
export class Crowd {
  readonly #start: Start
  readonly #tell: (message: FromPeers) => void
  readonly #random: Random
  readonly #peers: Peer[] = []
  readonly #places = new Map<Peer, number>()
  /** By their ports, which may be used again before a peer that had one has read to its end. */
  readonly #byPort = new Map<string, Peer[]>()
  readonly #timer: NodeJS.Timeout
  #ended: PeerSide[] = []
  #connecting = 0
  #unopened = 0
  #finishing = false

  constructor(start: Start, tell: (message: FromPeers) => void) {
    this.#start = start
    this.#tell = tell
    this.#random = new Random(start.seed)
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
  }

  finish(): void {
    this.#finishing = true
    for (const peer of [...this.#peers]) peer.finish()
  }

  #tick(): void {
    if (this.#finishing) for (const peer of [...this.#peers]) peer.finish()
    else {
      this.#connectMore()
      const acts = (this.#peers.length * ACTS_PER_SECOND * TICK_MS) / 1_000
      for (let left = acts; left > 0 && this.#peers.length > 0; left -= 1)
        this.#random.oneOf(this.#peers).act()
    }
    if (this.#ended.length > 0) this.#tell({ tell: 'ended', peers: this.#ended.splice(0) })
    if (this.#finishing && this.#connecting === 0 && this.#peers.length === 0) {
      clearInterval(this.#timer)
      this.#tell({ tell: 'finished', unopened: this.#unopened })
    }
  }

  #connectMore(): void {
    const { connections, ports } = this.#start
    for (let left = CONNECTS_PER_TICK; left > 0; left -= 1) {
      if (this.#peers.length + this.#connecting >= connections) return
      this.#connecting += 1
      const kind = this.#random.oneOf(KINDS)
      const random = new Random(this.#random.between(0, 2 ** 32 - 1))
      CONNECT[kind](
        ports[kind],
        random,
        (peer) => this.#opened(peer),
        (peer) => this.#over(peer),
        () => {
          this.#connecting -= 1
          this.#unopened += 1
        },
      )
    }
  }

  #opened(peer: Peer): void {
    this.#connecting -= 1
    this.#withPortOf(peer).push(peer)
    this.#places.set(peer, this.#peers.length)
    this.#peers.push(peer)
  }

  #over(peer: Peer): void {
    const peers = this.#withPortOf(peer)
    while (peers[0]?.isOver) this.#ended.push((peers.shift() as Peer).side)
    if (peers.length === 0) this.#byPort.delete(keyOf(peer))
    const place = this.#places.get(peer) as number
    this.#places.delete(peer)
    const last = this.#peers.pop() as Peer
    if (last === peer) return
    this.#peers[place] = last
    this.#places.set(last, place)
  }

  /** Those that have or had the port of this one, in the order in which they came. */
  #withPortOf(peer: Peer): Peer[] {
    const key = keyOf(peer)
    const peers = this.#byPort.get(key) ?? []
    this.#byPort.set(key, peers)
    return peers
  }
}

function keyOf({ kind, port }: Peer): string {
  return `${kind} ${port}`
}
