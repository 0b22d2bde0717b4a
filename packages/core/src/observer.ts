import type { Address } from './address.ts'
import type { CloseReason } from './close-reason.ts'
import type { ErrorCode, SocketError } from './errors.ts'
import type { OwnerRef } from './owner.ts'
import type { LinkFacts } from './transport.ts'

/** `closing` still flushes; nothing more is read. */
export type Life = 'connecting' | 'open' | 'closing' | 'closed'

/** What can be owned: a connection, a listener, a datagram socket. */
export type EndpointKind = 'stream' | 'listener' | 'datagram'

/** Something that is owned, as an observer sees it: live facts, and no authority. */
export interface EndpointInfo {
  /** Unique within the driver, and never used again. For logs; nothing is looked up by it. */
  readonly id: number
  readonly kind: EndpointKind
  readonly transport: string
  readonly state: Life
  /** Who has it now; undefined while the driver offers it, or when it is closed. */
  readonly owner: OwnerRef | undefined
  readonly local: Address | undefined
  readonly remote: Address | undefined
  readonly facts: LinkFacts | undefined
  /** One more for every hand-over. */
  readonly epoch: number
  /** Bytes that owners have read and written. */
  readonly position: Position
  /** Datagrams that arrived and that were lost because too many were held already; 0 for anything else. */
  readonly dropped: number
  /** When it came into being, in milliseconds of the driver's clock. */
  readonly since: number
}

/** How far a connection has come, in bytes, counted over all its owners. */
export interface Position {
  /** Delivered to owners; what is held does not count. */
  readonly read: number
  /** Written by owners, sent or not. */
  readonly written: number
}

/** A handler that threw. Nothing else was disturbed. */
export interface HandlerError {
  /** What it threw. */
  readonly error: unknown
  /** Whose handler it was; undefined for the policy and the observer. */
  readonly owner: OwnerRef | undefined
  readonly socket: EndpointInfo | undefined
  /** The handler's name: `line`, `close`, `offered`, `policy`, `observer.acquired` … */
  readonly handler: string
}

/**
 * Sees everything that happens to connections, and may change none of them. Metrics, logs and a netstat are built on
 * this alone. A method runs when its change is complete; what it throws goes to the error hook.
 */
export interface Observer {
  /** A listener is listening, a datagram socket is bound, or an outgoing connection is made. */
  opened?(endpoint: EndpointInfo): void
  /** It could not be opened. `closed` follows. */
  failed?(endpoint: EndpointInfo, error: SocketError): void
  /** A connection has arrived; the driver offers it to the listener's owner. */
  accepted?(socket: EndpointInfo, listener: EndpointInfo): void
  /** A connection was refused before it was offered to anybody: no room, waited too long, policy. */
  refused?(remote: Address, listener: EndpointInfo, reason: CloseReason): void
  /** A failed accept or handshake, as the transport tells it. */
  acceptFailed?(listener: EndpointInfo, error: Error): void
  /** `from` is undefined where the driver offers a connection that has just arrived. */
  offered?(endpoint: EndpointInfo, from: OwnerRef | undefined, to: OwnerRef): void
  /** Somebody acquired what was offered, and owns it now. */
  acquired?(endpoint: EndpointInfo, from: OwnerRef | undefined, to: OwnerRef): void
  /** An offer or an acquire came to nothing. */
  declined?(endpoint: EndpointInfo, from: OwnerRef | undefined, to: OwnerRef, refusal: Refusal): void
  /** It is closed: once, and last. */
  closed?(endpoint: EndpointInfo, reason: CloseReason): void
  /** A handler threw. */
  error?(event: HandlerError): void
}

/** Why a release, an offer or an acquire did not succeed. */
export interface Refusal {
  readonly code: ErrorCode
  /** A stable word, or what the target said when it declined. */
  readonly reason?: string
}
