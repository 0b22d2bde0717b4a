import { isIPv4, isIPv6 } from 'node:net'
import { type Address, ipAddress } from '@mudwire/core'

/** How a URL spells an IPv4 address that is mapped into IPv6. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/

/**
 * An IP address as a proxy wrote it, in the one spelling that the system has for it (RFC 5952), so that whoever compares
 * addresses finds the same peer again. Undefined for what is none, and for one with a zone, which means something only
 * on the machine that wrote it.
 */
export function writtenAddress(text: string, port: number): Address | undefined {
  if (isIPv4(text)) return ipAddress(text, port)
  if (!isIPv6(text) || text.includes('%')) return undefined
  const spelled = new URL(`http://[${text}]`).hostname.slice(1, -1)
  const mapped = MAPPED.exec(spelled)
  if (!mapped) return ipAddress(spelled, port)
  const bytes = mapped.slice(1).flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
  return ipAddress(bytes.join('.'), port)
}
