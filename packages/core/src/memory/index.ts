/**
 * A transport in memory and a clock that a test drives: with both, every byte, turn and millisecond of a test is in
 * the test's own hand.
 *
 * @packageDocumentation
 */
export { type DrivenClock, drivenClock } from './driven-clock.ts'
export type { MemoryDatagramPeer, ReceivedDatagram } from './memory-datagrams.ts'
export type { MemoryPeer, PeerOptions } from './memory-peer.ts'
export { type MemoryOptions, type MemoryTransport, memory } from './memory-transport.ts'
