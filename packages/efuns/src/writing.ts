import { addressOf, parsePlace } from './addresses.ts'
import type { Caller } from './caller.ts'
import {
  EEALREADY,
  EEBADADDR,
  EECALLBACK,
  EENOADDR,
  EENOTCONN,
  EESECURITY,
  EESEND,
  EESENDTO,
  EESUCCESS,
  EETYPENOTSUPP,
  EEWOULDBLOCK,
} from './codes.ts'
import type { Descriptor } from './descriptor.ts'
import type { EfunContext } from './efun-context.ts'
import { formatLpcValue, LpcFloat, LpcTypeError } from './lpc-value/index.ts'
import { frameMudPacket } from './mud-framing.ts'
import { sendDatagram } from './sending.ts'

/** The most that may be unsent, which is one write. */
const OUTSTANDING_BYTES = 16 * 1024 * 1024

/** `socket_write`. What is written is taken whole or not at all. */
export function write(
  context: EfunContext,
  caller: Caller,
  fd: number,
  message: unknown,
  address: string | undefined,
): number {
  if (!context.allows(caller, 'write', fd)) return EESECURITY
  const descriptor = context.own(caller, fd)
  if (typeof descriptor === 'number') return descriptor
  if (descriptor.mode.carrier === 'datagram') return writeDatagram(context, descriptor, message, address)
  if (descriptor.state !== 'DATA_XFER') return EENOTCONN
  if (address !== undefined) return EEBADADDR
  if (descriptor.blocked) return EEALREADY
  const data = descriptor.mode.reads === 'value' ? packetOf(message) : streamDataOf(message)
  if (data === undefined) return EETYPENOTSUPP
  if (data.length === 0) return EESUCCESS
  if (Buffer.byteLength(data) > OUTSTANDING_BYTES) return EEWOULDBLOCK
  return send(descriptor, data)
}

function send(descriptor: Descriptor, data: string | Uint8Array): number {
  const { endpoint } = descriptor
  // A stream that is past connecting has a socket under it; one whose peer is gone takes everything, as MudOS's does.
  if (endpoint.kind !== 'stream' || descriptor.ending) return EESUCCESS
  if (endpoint.socket.write(data)) return EESUCCESS
  if (endpoint.socket.unsent === 0) return EESEND
  descriptor.blocked = true
  return EECALLBACK
}

function writeDatagram(
  context: EfunContext,
  descriptor: Descriptor,
  message: unknown,
  address: string | undefined,
): number {
  if (address === undefined) return EENOADDR
  const to = parsePlace(address)
  if (!to) return EEBADADDR
  if (typeof message !== 'string' && !(message instanceof Uint8Array)) return EETYPENOTSUPP
  return sendDatagram(context, descriptor, message, addressOf(to)) ? EESUCCESS : EESENDTO
}

/** A packet of MUD mode; undefined for what cannot be sent. Throws for what is too large or nested too deep. */
function packetOf(message: unknown): Uint8Array | undefined {
  try {
    return frameMudPacket(formatLpcValue(message))
  } catch (error) {
    if (error instanceof LpcTypeError) return undefined
    throw error
  }
}

/** Text and bytes as they are, an array as numbers of 32 bits; undefined for what cannot be sent. */
function streamDataOf(message: unknown): string | Uint8Array | undefined {
  if (typeof message === 'string' || message instanceof Uint8Array) return message
  return Array.isArray(message) ? numbersOf(message) : undefined
}

/**
 * MudOS copies the first four bytes of every number as its machine has them: of an integer the lower half, and so of a
 * float. In the place of what is no number it has zeros.
 */
function numbersOf(items: readonly unknown[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(items.length * 4 + 4))
  for (const [index, item] of items.entries()) {
    const at = index * 4
    if (typeof item === 'bigint' || (typeof item === 'number' && Number.isInteger(item))) {
      bytes.setInt32(at, Number(BigInt.asIntN(32, BigInt(item))), true)
    } else if (typeof item === 'number' || item instanceof LpcFloat) {
      // The upper half is overwritten by the next item, or is the room that was left at the end.
      bytes.setFloat64(at, Number(item), true)
    } else bytes.setInt32(at, 0, true)
  }
  return new Uint8Array(bytes.buffer, 0, items.length * 4)
}
