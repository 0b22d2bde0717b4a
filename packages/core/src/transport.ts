import type { Address } from './address.ts'
import type { CloseReason } from './close-reason.ts'

/**
 * A way to get connections, with its configuration: `tcp({ port: 4000 })`. Whatever it cannot do it leaves out.
 * A transport knows nothing of owners; core knows no transport by name.
 */
export interface Transport {
  /** `tcp`, `websocket`, `memory` …: for logs, metrics and policies. */
  readonly name: string
  /** Starts listening. Rejects with the system's error where the address cannot be had. */
  listen?(sink: ListenerSink, options: TransportOptions): Promise<Listening>
  /** Makes a connection. Resolves when the link is usable; it is still paused. */
  connect?(options: TransportOptions): Promise<Link>
  /** Opens a datagram socket. */
  bind?(options: TransportOptions): Promise<DatagramLink>
}

/** What core asks of every transport. */
export interface TransportOptions {
  /** Aborted when nobody wants the result any more; the promise then rejects. */
  readonly signal?: AbortSignal
  /** For `connect`: told the local address as soon as it is known, which may be long before the connection is made. */
  readonly bound?: (local: Address) => void
}

/** Core's side of a listener: what a transport calls. */
export interface ListenerSink {
  /** Asked before work is spent on a peer (TLS, PROXY header, upgrade). False: drop it without a word. */
  admit(remote: Address): boolean
  /** A link whose handshakes are done and whose facts are final. It is paused and has no sink yet. */
  accept(link: Link): void
  /** A failed accept or handshake. The listener lives on. */
  failed(error: Error): void
  /** The listener is gone. Once, and last. */
  close(reason: CloseReason): void
}

/** A transport's side of a listener. */
export interface Listening {
  /** Where it listens, with real ports. */
  readonly addresses: readonly Address[]
  /**
   * Nobody takes links for now. A transport whose links need a handshake holds new peers back before it, or refuses
   * them politely; one whose links cost nothing may go on giving them to {@link ListenerSink.accept}, where they wait.
   */
  pause(): void
  /** Links are taken again. */
  resume(): void
  /** Stops accepting. Links that were given away stay. `ListenerSink.close` follows. */
  close(): void
}

/**
 * A transport's side of a connection, born paused and without a sink.
 *
 * A link never calls its sink from inside a call that is made on it. It calls `close` once, and nothing after it.
 */
export interface Link {
  /** `message`: every chunk is one whole message, and one write is one message. */
  readonly shape: 'stream' | 'message'
  /** On a message link: may the texts that are written in one turn be merged into one message? */
  readonly text?: 'message' | 'stream'
  /** Can the peer end its side and still be written to? Only then may the link call `LinkSink.end`. */
  readonly halfClose: boolean
  /** Names what a text becomes on this wire; links with the same name share prepared text. */
  readonly encoding: string
  readonly local: Address
  /** The peer; behind a trusted proxy the one that the proxy names. */
  readonly remote: Address
  readonly facts: LinkFacts
  /** Names of those inbound signals whose last value core keeps for later owners. */
  readonly stickySignals?: ReadonlySet<string>

  /** Gives it the sink that it calls from now on. Once. */
  attach(sink: LinkSink): void
  /**
   * Takes the chunk, always. True: nothing of what was written is left in the link. False: something is, and
   * `LinkSink.drain` follows when it has gone. A text goes out in the link's encoding.
   */
  write(chunk: string | Uint8Array): boolean
  /** Encodes a text once for every link with this `encoding`. Absent: its UTF-8 is right. */
  encode?(text: string): Uint8Array
  /** Like `write`, with what `encode` of a link with the same `encoding` gave. */
  writeEncoded?(encoded: Uint8Array): boolean
  /** Several writes follow: what they take may leave in one piece. What each of them returns says nothing. */
  cork?(): void
  /** They are all there. Returns for all of them what `write` would. */
  uncork?(): boolean
  /** Sends a signal, behind what was written before. False: this link cannot carry it. */
  signal?(name: string, payload: unknown): boolean
  /** Stops reading from the network. What has been read already is still delivered. */
  pause(): void
  /** Reads again. */
  resume(): void
  /**
   * Lingering close: flushes, ends, then discards input; from now on only `LinkSink.close` is called. Works in every
   * state, paused and never attached included.
   */
  end(reason?: CloseReason): void
  /** Closes at once, and discards what was not sent. */
  abort(error?: Error): void
  /** Bytes that were written and that the system has not taken yet; after an unclean close, those that were lost. */
  readonly buffered: number
}

/** What is known of a link beyond its addresses. Transports add what they have; getters may be lazy. */
export interface LinkFacts {
  /** Encrypted between here and the peer, as far as this transport can tell. */
  readonly secure: boolean
  /** The path that an HTTP upgrade asked for, without its query. */
  readonly path?: string
  /** The few request headers that are kept, with names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** What TLS has agreed upon, where this side speaks it. */
  readonly tls?: TlsFacts
  /** The proxy in between, whose word it is that `remote` is the peer. */
  readonly proxy?: ProxyFacts
}

/** What the two sides of a TLS connection have agreed upon. */
export interface TlsFacts {
  /** `TLSv1.3` … */
  readonly protocol: string
  /** The cipher's name, as the RFCs have it. */
  readonly cipher: string
  /** The name that the client asked for (SNI). */
  readonly servername?: string
  /** The protocol that was chosen (ALPN). */
  readonly alpn?: string
  /** The peer's certificate, where it has one that was verified. */
  readonly certificate?: CertificateFacts
}

/** Who a certificate says that the peer is. */
export interface CertificateFacts {
  /** Names and their values, as the certificate has them: `{ CN: 'ada', O: 'Mudwire' }`. */
  readonly subject: Readonly<Record<string, string>>
  /** Who vouches for it. */
  readonly issuer: Readonly<Record<string, string>>
  /** SHA-256 of the certificate, in hexadecimal pairs. */
  readonly fingerprint: string
  /** Until when it is valid, as the certificate says it: `Nov 24 00:00:00 2027 GMT`. */
  readonly validTo: string
}

/** A proxy that is trusted to say who the peer is. */
export interface ProxyFacts {
  /** The proxy's own address. */
  readonly address: Address
  /** The host name that the client asked the proxy for. */
  readonly authority?: string
  /** The client's connection to the proxy is encrypted. */
  readonly secure?: boolean
}

/** Core's side of a connection: what a link calls. */
export interface LinkSink {
  /** A chunk of the stream, or one message. It belongs to core from now on: the link does not reuse its memory. */
  data(chunk: string | Uint8Array): void
  /** A signal, in its place among the data. */
  signal(name: string, payload: unknown): void
  /** The peer has finished sending (half-close). */
  end(): void
  /** What was written has gone, after a `false`. */
  drain(): void
  /** The link is gone. Kind `end` is a clean close, and is delivered in order; any other takes effect at once. */
  close(reason: CloseReason): void
}

/**
 * A transport's side of a datagram socket. It cannot be paused, because nothing slows a sender of datagrams down: core
 * holds what nobody reads yet, so much and no more, and counts what it drops.
 *
 * A link never calls its sink from inside a call that is made on it.
 */
export interface DatagramLink {
  readonly local: Address
  /** Gives it the sink that it calls from now on. Once. */
  attach(sink: DatagramSink): void
  /**
   * Sends one datagram; the memory is the link's from now on. False: it could not be sent, and is gone. After true it
   * may still be lost on its way.
   */
  send(bytes: Uint8Array, to: Address): boolean
  /** Closes it, behind what was sent. `DatagramSink.close` follows. */
  close(): void
}

/** Core's side of a datagram socket. */
export interface DatagramSink {
  /** One datagram, whole. The memory is core's from now on. */
  datagram(bytes: Uint8Array, from: Address): void
  /** The socket is gone. Once, and last. */
  close(reason: CloseReason): void
}
