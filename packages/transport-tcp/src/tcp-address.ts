import type { Address } from '@mudwire/core'

/** How a dual-stack socket shows an IPv4 peer. */
const MAPPED = '::ffff:'

/** An address as Node tells it, with IPv4 peers of a dual-stack socket told as what they are. */
export function tcpAddress(address: string, port: number): Address {
  if (address.startsWith(MAPPED) && address.includes('.')) {
    return { family: 'IPv4', address: address.slice(MAPPED.length), port }
  }
  return { family: address.includes(':') ? 'IPv6' : 'IPv4', address, port }
}
