import { type Layer, layer, type Transport } from '@mudwire/core'
import { type MemoryPeer, memory } from '@mudwire/core/memory'
import type { DatagramFixture, Fixture, RawPeer } from '../../src/index.ts'

/** A transport that can both listen and connect. */
export type WholeTransport = Transport & Required<Pick<Transport, 'listen' | 'connect'>>

/** What of the transport in memory is made otherwise. */
export interface Changes {
  readonly shape?: 'stream' | 'message'
  /** Stands between the kit and every link. */
  readonly link?: Layer
  /** Stands between the kit and the transport. */
  readonly transport?: (transport: WholeTransport) => Transport
}

/** The transport in memory, or what a test makes of it. */
export function memoryFixture({ shape = 'stream', link, transport: change }: Changes = {}): Fixture {
  const network = memory({ shape })
  // A layer leaves what a transport can do as it is.
  const layered = link ? (layer(network, link) as WholeTransport) : network
  const transport = change ? change(layered) : layered
  return {
    transport,
    dial: async () => rawPeer(network.dial()),
    connector: () => transport,
    rival: () => transport,
  }
}

/** The datagrams of the transport in memory. */
export function memoryDatagrams(): DatagramFixture {
  const network = memory()
  return {
    transport: network,
    async dial() {
      const peer = network.datagramPeer()
      return {
        address: peer.address,
        send: (bytes, to) => peer.send(bytes, to),
        received: peer.received,
        close() {},
      }
    },
  }
}

function rawPeer(peer: MemoryPeer): RawPeer {
  const raw: RawPeer = {
    send: (data) => peer.send(data),
    end: () => peer.end(),
    close: () => peer.close(),
    reset: () => peer.reset(),
    pause: () => peer.stall(),
    resume: () => peer.unstall(),
    get unsent() {
      return peer.unsent
    },
    received: peer.chunks,
    onChange: undefined,
    get ended() {
      if (peer.closed) return { clean: peer.closed.kind === 'end' }
      return peer.ended ? { clean: true } : undefined
    },
  }
  peer.onChange = () => raw.onChange?.()
  return raw
}
