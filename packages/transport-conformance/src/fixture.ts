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
  resume(): void
  /** Bytes that were given to `send` and that have not left yet: grows when the other side does not read. */
  readonly unsent: number
  /** Everything that arrived: pieces of the stream, or messages. */
  readonly received: readonly (string | Uint8Array)[]
  /** Calls back whenever something has arrived, or the connection has ended. */
  onChange: (() => void) | undefined
  /** How the connection ended: `clean` when the other side ended it properly. */
  readonly ended: { readonly clean: boolean; readonly code?: number } | undefined
}

export interface ConformanceOptions {
  /** Stands in the names of the tests. */
  readonly name: string
  readonly setup: () => Fixture | Promise<Fixture>
  readonly capabilities: Capabilities
}

/** What the links of the transport can do. */
export interface Capabilities {
  readonly shape: 'stream' | 'message'
  /** A peer may end its side and still be written to. */
  readonly halfClose: boolean
  /** The network has a reset, so that a broken connection can be told from one that was ended. Default true. */
  readonly resets?: boolean
  /** The longest message, in bytes. */
  readonly longestMessage?: number
}
