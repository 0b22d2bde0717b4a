/** One end of a connection. `port` is absent where the family has none (unix, memory). */
export interface Address {
  readonly family: 'IPv4' | 'IPv6' | 'unix' | 'memory' | (string & {})
  readonly address: string
  readonly port?: number
}

/** `127.0.0.1:4000`, `[::1]:4000`, or the bare address where there is no port: for logs and for people. */
export function formatAddress(address: Address): string {
  if (address.port === undefined) return address.address
  return address.family === 'IPv6'
    ? `[${address.address}]:${address.port}`
    : `${address.address}:${address.port}`
}

/** How a dual-stack socket shows an IPv4 peer. */
const MAPPED = '::ffff:'

/** An IP address as a system tells it, with IPv4 peers of a dual-stack socket told as what they are. */
export function ipAddress(address: string, port: number): Address {
  if (address.startsWith(MAPPED) && address.includes('.')) {
    return { family: 'IPv4', address: address.slice(MAPPED.length), port }
  }
  return { family: address.includes(':') ? 'IPv6' : 'IPv4', address, port }
}
