import type { Address } from '../address.ts'
import type { CloseReason } from '../close-reason.ts'
import { encodeUtf8 } from '../environment.ts'
import type { DatagramLink, DatagramSink } from '../transport.ts'

/** Something with an address that datagrams can be sent to. */
interface Receiver {
  /** `isEvent`: a test has sent it, so that it arrives at once; else it does on a later turn. */
  receive(bytes: Uint8Array, from: Address, isEvent: boolean): void
  /** The system takes the socket away. */
  broken(error: Error): void
}

/** Who can be reached with datagrams on a network in memory. What is sent to nobody is lost. */
export class DatagramNetwork {
  readonly #receivers = new Map<string, Receiver>()

  join(local: Address, receiver: Receiver): void {
    this.#receivers.set(local.address, receiver)
  }

  leave(local: Address): void {
    this.#receivers.delete(local.address)
  }

  send(bytes: Uint8Array, from: Address, to: Address, isEvent: boolean): void {
    this.#receivers.get(to.address)?.receive(bytes, from, isEvent)
  }

  break(local: Address, error: Error): void {
    this.#receivers.get(local.address)?.broken(error)
  }
}

/** A datagram socket in memory: a link like any other. */
export class MemoryDatagramLink implements DatagramLink {
  readonly local: Address
  readonly #network: DatagramNetwork
  readonly #defer: (task: () => void) => void
  #sink: DatagramSink | undefined
  #closed = false
  /** A close that came before there was a sink. */
  #untold: CloseReason | undefined

  constructor(network: DatagramNetwork, local: Address, defer: (task: () => void) => void) {
    this.local = local
    this.#network = network
    this.#defer = defer
    network.join(local, {
      receive: (bytes, from, isEvent) => this.#receive(bytes, from, isEvent),
      broken: (error) => this.#broken(error),
    })
  }

  attach(sink: DatagramSink): void {
    this.#sink = sink
    const reason = this.#untold
    if (reason) this.#defer(() => sink.close(reason))
  }

  send(bytes: Uint8Array, to: Address): boolean {
    if (this.#closed || to.family !== 'memory') return false
    this.#network.send(bytes, this.local, to, false)
    return true
  }

  close(): void {
    if (this.#closed) return
    this.#leave()
    this.#defer(() => this.#tell({ by: 'local', kind: 'end', code: 'closed' }))
  }

  #receive(bytes: Uint8Array, from: Address, isEvent: boolean): void {
    const deliver = (): void => {
      if (!this.#closed) this.#sink?.datagram(bytes, from)
    }
    if (isEvent) deliver()
    else this.#defer(deliver)
  }

  #broken(error: Error): void {
    this.#leave()
    this.#tell({ by: 'transport', kind: 'error', code: 'broken', text: error.message, error })
  }

  #tell(reason: CloseReason): void {
    if (this.#sink) this.#sink.close(reason)
    else this.#untold = reason
  }

  #leave(): void {
    this.#closed = true
    this.#network.leave(this.local)
  }
}

/** A datagram as it arrived at a peer. */
export interface ReceivedDatagram {
  readonly bytes: Uint8Array
  readonly from: Address
}

/** Somebody with a datagram socket in memory, moved by a test: what it sends arrives at once. */
export class MemoryDatagramPeer {
  readonly address: Address
  /** What arrived, in its order. */
  readonly received: ReceivedDatagram[] = []
  readonly #network: DatagramNetwork

  constructor(network: DatagramNetwork, address: Address) {
    this.address = address
    this.#network = network
    network.join(address, { receive: (bytes, from) => this.received.push({ bytes, from }), broken() {} })
  }

  /** Sends one datagram, a text as UTF-8. It is lost where nobody is bound to that address. */
  send(data: string | Uint8Array, to: Address): void {
    // The test may use its memory again.
    const bytes = typeof data === 'string' ? encodeUtf8(data) : new Uint8Array(data)
    this.#network.send(bytes, this.address, to, true)
  }
}
