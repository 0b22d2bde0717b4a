import type { Address } from '../address.ts'
import type { Clock } from '../clock.ts'
import { systemClock } from '../clock.ts'
import type {
  DatagramLink,
  Link,
  ListenerSink,
  Listening,
  Transport,
  TransportOptions,
} from '../transport.ts'
import { DatagramNetwork, MemoryDatagramLink, MemoryDatagramPeer } from './memory-datagrams.ts'
import { MemoryEnd } from './memory-end.ts'
import { type LinkTraits, MemoryLink } from './memory-link.ts'
import { MemoryPeer, type PeerOptions } from './memory-peer.ts'

/** What the links of a memory transport are like. */
export interface MemoryOptions {
  /** Default `stream`. */
  readonly shape?: 'stream' | 'message'
  /** May texts that are written in one turn be merged into one message? Default `message`: no. */
  readonly text?: 'message' | 'stream'
  /** Default: true for a stream, false for messages. */
  readonly halfClose?: boolean
  /** Names of the inbound signals whose last value is kept. */
  readonly stickySignals?: Iterable<string>
  /** What the links say of themselves. Default `{ secure: false }`. */
  readonly facts?: Link['facts']
  /** Where later turns come from: the same clock as the driver's. Default: the environment's. */
  readonly clock?: Pick<Clock, 'defer'>
}

/** A network of its own, in memory: whoever connects over it reaches whoever listens on it. */
export interface MemoryTransport extends Transport {
  listen(sink: ListenerSink, options: TransportOptions): Promise<Listening>
  connect(options: TransportOptions): Promise<Link>
  bind(options: TransportOptions): Promise<DatagramLink>
  /** A client arrives, whose end the test moves. Throws when nobody listens. */
  dial(options?: PeerOptions): MemoryPeer
  /** How many outgoing connections wait for an answer, because nobody has listened yet. */
  readonly calling: number
  /** Lets the oldest of them succeed; the test moves the far end. */
  answer(options?: PeerOptions): MemoryPeer
  /** Lets the oldest of them fail. */
  refuse(error?: Error): void
  /** Somebody who sends datagrams to bound sockets, and is sent some, as the test says. */
  datagramPeer(): MemoryDatagramPeer
  /** The system takes the datagram socket at this address away. */
  breakDatagrams(local: Address, error?: Error): void
}

interface Call {
  resolve(link: Link): void
  reject(error: Error): void
}

/**
 * A transport without a network, for testing what is built on core: every byte arrives exactly when the test says so.
 *
 * ```ts
 * const clock = drivenClock()
 * const driver = createDriver(clock)
 * const network = memory({ clock })
 * driver.owner('echo').listen(network, { accepted: (offer) => void offer.acquire(echo) })
 * const peer = network.dial()
 * ```
 */
export function memory(options: MemoryOptions = {}): MemoryTransport {
  return new MemoryNetwork(options)
}

class MemoryNetwork implements MemoryTransport {
  readonly name = 'memory'
  readonly #traits: LinkTraits
  readonly #clock: Pick<Clock, 'defer'>
  readonly #calls: Call[] = []
  readonly #datagrams = new DatagramNetwork()
  #listener: ListenerSink | undefined
  /** Somebody listened, and has stopped. */
  #deserted = false
  #addresses = 0

  constructor(options: MemoryOptions) {
    const shape = options.shape ?? 'stream'
    this.#clock = options.clock ?? systemClock
    this.#traits = {
      shape,
      text: options.text ?? 'message',
      halfClose: options.halfClose ?? shape === 'stream',
      stickySignals: new Set(options.stickySignals),
      facts: options.facts ?? { secure: false },
    }
  }

  get calling(): number {
    return this.#calls.length
  }

  async listen(sink: ListenerSink, { signal }: TransportOptions): Promise<Listening> {
    signal?.throwIfAborted()
    if (this.#listener) {
      throw Object.assign(new Error('Somebody listens on this memory transport already.'), {
        code: 'EADDRINUSE',
      })
    }
    this.#listener = sink
    return {
      addresses: [LISTENER],
      pause() {},
      resume() {},
      close: () => {
        if (this.#listener !== sink) return
        this.#listener = undefined
        this.#deserted = true
        this.#defer(() => sink.close({ by: 'local', kind: 'end', code: 'closed' }))
      },
    }
  }

  async connect({ signal }: TransportOptions): Promise<Link> {
    signal?.throwIfAborted()
    if (this.#listener) return this.#connectTo(this.#listener)
    if (this.#deserted) throw refusal()
    return new Promise((resolve, reject) => {
      const call = { resolve, reject }
      this.#calls.push(call)
      signal?.addEventListener('abort', () => {
        const index = this.#calls.indexOf(call)
        if (index >= 0) this.#calls.splice(index, 1)
        reject(signal.reason)
      })
    })
  }

  async bind({ signal }: TransportOptions): Promise<DatagramLink> {
    signal?.throwIfAborted()
    return new MemoryDatagramLink(this.#datagrams, this.#newAddress(), this.#defer)
  }

  datagramPeer(): MemoryDatagramPeer {
    return new MemoryDatagramPeer(this.#datagrams, this.#newAddress())
  }

  breakDatagrams(local: Address, error: Error = new Error('The system has taken the socket away.')): void {
    this.#datagrams.break(local, error)
  }

  dial(options?: PeerOptions): MemoryPeer {
    const listener = this.#listener
    if (!listener) throw new Error('Nobody listens on this memory transport yet.')
    const peer = new MemoryPeer(this.#newAddress(), this.#defer, options)
    if (listener.admit(peer.address)) listener.accept(this.#linkTo(peer, LISTENER, peer.address))
    else peer.reset()
    return peer
  }

  answer(options?: PeerOptions): MemoryPeer {
    const peer = new MemoryPeer(LISTENER, this.#defer, options)
    this.#oldestCall().resolve(this.#linkTo(peer, this.#newAddress(), peer.address))
    return peer
  }

  refuse(error: Error = refusal()): void {
    this.#oldestCall().reject(error)
  }

  #connectTo(listener: ListenerSink): Link {
    const address = this.#newAddress()
    const near = new MemoryLink(this.#traits, address, LISTENER, this.#defer)
    const far = this.#linkTo(near, LISTENER, address)
    this.#defer(() => (listener.admit(address) ? listener.accept(far) : far.abort()))
    return near
  }

  #linkTo(end: MemoryEnd, local: Address, remote: Address): MemoryLink {
    const link = new MemoryLink(this.#traits, local, remote, this.#defer)
    MemoryEnd.join(link, end)
    return link
  }

  #oldestCall(): Call {
    const call = this.#calls.shift()
    if (!call) throw new Error('Nobody is connecting over this memory transport.')
    return call
  }

  #newAddress(): Address {
    this.#addresses += 1
    return { family: 'memory', address: `memory-${this.#addresses}` }
  }

  readonly #defer = (task: () => void): void => this.#clock.defer(task)
}

function refusal(): Error {
  return Object.assign(new Error('Nobody listens there.'), { code: 'ECONNREFUSED' })
}

const LISTENER: Address = { family: 'memory', address: 'memory' }
