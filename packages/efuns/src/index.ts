/**
 * MudOS's socket efuns on Mudwire's core, with their names, argument orders, results and callbacks.
 *
 * @packageDocumentation
 */
export type { Place } from './addresses.ts'
export type { Callback } from './callback.ts'
export * from './codes.ts'
export type { SocketOperation, ValidSocket } from './efun-context.ts'
export type { Efuns } from './efuns.ts'
export type {
  DatagramTransports,
  ListenerIdentity,
  ModeTransports,
  PeerCheck,
  SecureTransports,
  StreamTransports,
} from './mode-transports.ts'
export {
  DATAGRAM,
  DATAGRAM_BINARY,
  MUD,
  STREAM,
  STREAM_BINARY,
  STREAM_TLS,
  STREAM_TLS_BINARY,
} from './modes.ts'
export {
  frameMudPacket,
  MUD_BODY_LIMIT,
  type MudFrame,
  MudFrames,
  mudPacketLength,
  mudPacketText,
} from './mud-framing.ts'
export { createSocketEfuns, type SocketEfuns, type SocketEfunsOptions } from './socket-efuns.ts'
export type { SocketStatus } from './status.ts'
export { SO_TLS_CERT, SO_TLS_KEY, SO_TLS_SNI_HOSTNAME, SO_TLS_VERIFY_PEER } from './tls-options.ts'
