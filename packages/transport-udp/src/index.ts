/**
 * UDP for Mudwire: datagram sockets that have one owner at every instant, and can be handed over.
 *
 * @packageDocumentation
 */
export { type DatagramTransport, udp } from './udp.ts'
export type { UdpOptions } from './udp-options.ts'
