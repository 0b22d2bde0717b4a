import type { Address, Transport } from '@mudwire/core'

/** What the suite needs of a transport of datagrams; made anew for every test. */
export interface DatagramFixture {
  /** Every socket that it binds has an address of its own. */
  readonly transport: Transport
  /** A datagram socket that is no part of Mudwire, and can reach those that are. */
  dial(): Promise<RawDatagramPeer>
  /** A transport that would bind to this very address; absent where nobody can choose an address. */
  rival?(address: Address): Transport
  /** Frees what the fixture itself has opened. */
  close?(): Promise<void>
}

/** A datagram socket that is no part of Mudwire. */
export interface RawDatagramPeer {
  readonly address: Address
  /** Sends one datagram. */
  send(bytes: Uint8Array, to: Address): void
  /** Every datagram that arrived, in its order. */
  readonly received: readonly { readonly bytes: Uint8Array; readonly from: Address }[]
  /** Closes it. */
  close(): void
}

/** A transport of datagrams and what it claims, for {@link transportConformance}. */
export interface DatagramConformanceOptions {
  /** Stands in the names of the tests. */
  readonly name: string
  /** Makes what one test needs. */
  readonly setup: () => DatagramFixture | Promise<DatagramFixture>
  /** What its sockets can do. */
  readonly capabilities: DatagramCapabilities
  /** How long a rule waits for anything, in milliseconds. Default 10,000. */
  readonly patienceMs?: number
}

/** What the sockets of a transport of datagrams can do. */
export interface DatagramCapabilities {
  readonly datagram: true
  /** The datagrams of one sender arrive in their order where the suite runs: on loopback, in memory. Default true. */
  readonly ordered?: boolean
  /** The largest datagram, in bytes. Default: there is no limit that the suite could reach. */
  readonly largest?: number
}
