import { isIP } from 'node:net'
import type { Address } from '@mudwire/core'

/** An IP address and a port. */
export interface Place {
  readonly address: string
  /** 0 to 65535. */
  readonly port: number
}

/** Reads `ip port`, as LPC has addresses; undefined for anything else. Names are not looked up, and there is no port 70000. */
export function parsePlace(text: string): Place | undefined {
  const space = text.indexOf(' ')
  const digits = text.slice(space + 1)
  return space > 0 && /^\d+$/.test(digits) ? placeOf(text.slice(0, space), Number(digits)) : undefined
}

/** The place, if there is such a one. */
export function placeOf(address: string, port: number): Place | undefined {
  if (isIP(address) === 0 || port < 0 || port > 65_535) return undefined
  return { address, port }
}

/** The place behind an address of core's; those that are no IP addresses have port 0. */
export function placeBehind({ address, port = 0 }: Address): Place {
  return { address, port }
}

/** For core and its transports. */
export function addressOf({ address, port }: Place): Address {
  return { family: isIP(address) === 6 ? 'IPv6' : 'IPv4', address, port }
}

/** As `socket_address` has it and callbacks get it: `127.0.0.1 4000`. */
export function formatPlace(place: Place = NOWHERE): string {
  return `${place.address} ${place.port}`
}

/** As `socket_status` has it: `127.0.0.1.4000`, `*.4000` for any address, nothing where there is none. */
export function formatStatusPlace(place: Place | undefined): string {
  if (!place) return ''
  const isAny = place.address === '0.0.0.0' || place.address === '::'
  return `${isAny ? '*' : place.address}.${place.port === 0 ? '*' : place.port}`
}

/** What stands for an address that a socket does not have. */
export const NOWHERE: Place = Object.freeze({ address: '0.0.0.0', port: 0 })
