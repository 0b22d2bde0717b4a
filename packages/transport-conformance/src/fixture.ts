import type { EventEmitter } from 'node:events'
import type { Address, Transport } from '@mudwire/core'

/** What the suite needs of a transport under test; made anew for every test. */
export interface Fixture {
  /** Listens on an address that nobody else has. */
  readonly transport: Transport
  /** Connects a client that is no part of Mudwire: a plain socket, a browser's own kind of WebSocket. */
  dial(address: Address): Promise<RawPeer>
  /** The transport that connects to what listens there; absent where the transport only listens. */
  connector?(address: Address): Transport
  /** A transport that would listen on this very address; absent where the transport has no address of its own. */
  rival?(address: Address): Transport
  /** A client comes and spoils its handshake; absent where there is none to spoil. */
  botch?(address: Address): Promise<void>
  /** What outlives a link and might collect listeners: the HTTP server that the transport is attached to. */
  readonly emitters?: readonly EventEmitter[]
  /** Frees what the fixture itself has opened. */
  close?(): Promise<void>
}

/** A client that is no part of Mudwire. */
export interface RawPeer {
  /** Sends bytes of the stream, or one message. */
  send(data: string | Uint8Array): void
  /** Finishes sending and goes on reading; only where `halfClose` is stated. */
  end(): void
  /** Closes as an ordinary client does. */
  close(): void
  /** Breaks the connection. */
  reset(): void
  /** Reads nothing until `resume`. */
  pause(): void
  /** Reads again. */
  resume(): void
  /** Bytes that were given to `send` and that have not left yet: grows when the other side does not read. */
  readonly unsent: number
  /** Everything that arrived: pieces of the stream, or messages. */
  readonly received: readonly (string | Uint8Array)[]
  /** The suite sets it: to be called whenever something has arrived, or the connection has ended. */
  onChange: (() => void) | undefined
  /** How the connection ended: `clean` when the other side ended it properly. */
  readonly ended: { readonly clean: boolean; readonly code?: number } | undefined
}

/** A transport of links and what it claims, for {@link transportConformance}. */
export interface LinkConformanceOptions {
  /** Stands in the names of the tests. */
  readonly name: string
  /** Makes what one test needs. */
  readonly setup: () => Fixture | Promise<Fixture>
  /** What the links of the transport can do. */
  readonly capabilities: Capabilities
  /** How long a rule waits for anything, in milliseconds. Default 10,000. */
  readonly patienceMs?: number
}

/** What the links of the transport can do. */
export interface Capabilities {
  /** Bytes without boundaries, or messages with them. */
  readonly shape: 'stream' | 'message'
  /** A peer may end its side and still be written to. */
  readonly halfClose: boolean
  /**
   * The network has a reset, so that a broken connection can be told from one that was ended. `while-reading`: only by a
   * link that reads when it comes. Default true.
   */
  readonly resets?: boolean | 'while-reading'
  /** The longest message, in bytes. Default: there is no limit that the suite could reach. */
  readonly longestMessage?: number
  /** What `facts.secure` says. Default false. */
  readonly secure?: boolean
  /** A link takes a handshake, which a paused listener does not make. Default false. */
  readonly handshake?: boolean
  /** Signals that a link carries to the link at its other end. Default none. */
  readonly signals?: readonly { readonly name: string; readonly payload: unknown }[]
}
