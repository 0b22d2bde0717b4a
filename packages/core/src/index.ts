/**
 * The driver core: every connection has exactly one owner, and an owner can hand it to another without a byte lost,
 * reordered or seen by the wrong owner, over whichever transport is plugged in.
 *
 * @packageDocumentation
 */
export { type Address, formatAddress, ipAddress } from './address.ts'
export { type BroadcastResult, broadcast } from './broadcast.ts'
export { type Clock, systemClock } from './clock.ts'
export type { CloseOptions, CloseReason } from './close-reason.ts'
export type { ConnectOptions } from './connect.ts'
export type { BindOptions, DatagramSocket } from './datagram-socket.ts'
export { type CloseDriverOptions, createDriver, type Driver, type DriverOptions } from './driver.ts'
export { type ErrorCode, SocketError } from './errors.ts'
export type {
  BytesHandlers,
  CommonHandlers,
  DatagramHandlers,
  LineHandlers,
  LineInfo,
  ListenerHandlers,
  SilentHandlers,
  SocketHandlers,
  TextHandlers,
} from './handlers.ts'
export { type Layer, layer } from './layer.ts'
export type { Listener, ListenOptions } from './listener.ts'
export type {
  EndpointInfo,
  EndpointKind,
  HandlerError,
  Life,
  Observer,
  Position,
  Refusal,
} from './observer.ts'
export type {
  DatagramOffer,
  ListenerOffer,
  Offer,
  OfferOptions,
  OfferResult,
  OfferState,
  Releasable,
  ReleaseArguments,
  StreamOffer,
} from './offer.ts'
export type { DatagramOptions, SocketOptions } from './options.ts'
export type { Inherited, Owner, OwnerOptions, OwnerRef } from './owner.ts'
export type { Policy, PolicyRequest } from './policy.ts'
export type { Prepared, Writable } from './prepared.ts'
export type {
  InboundPayload,
  InboundSignal,
  InboundSignalName,
  OutboundPayload,
  OutboundSignalName,
  Signals,
  StickySignalName,
} from './signals.ts'
export type { HandleState, Socket, Writer } from './socket.ts'
export type {
  CertificateFacts,
  DatagramLink,
  DatagramSink,
  Link,
  LinkFacts,
  LinkSink,
  ListenerSink,
  Listening,
  ProxyFacts,
  TlsFacts,
  Transport,
  TransportOptions,
} from './transport.ts'
