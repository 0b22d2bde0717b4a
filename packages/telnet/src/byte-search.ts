import { Buffer, isAscii } from 'node:buffer'
import { NUL } from './protocol.ts'

/** Calling into Node costs as much as looking at so many bytes. */
const WORTH_A_CALL = 64

/** Is all of it ASCII, and none of it NUL? Then it is the same on the wire, in any charset, and as text. */
export function isPlain(bytes: Uint8Array): boolean {
  if (bytes.length >= WORTH_A_CALL) return isAscii(bytes) && !includesByte(bytes, NUL)
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number
    if (byte === NUL || byte >= 0x80) return false
  }
  return true
}

export function includesByte(bytes: Uint8Array, byte: number): boolean {
  return indexOfByte(bytes, byte) >= 0
}

/** Where that byte stands, from `start` on; -1 where it does not. Node's search takes a tenth of a typed array's. */
export function indexOfByte(bytes: Uint8Array, byte: number, start = 0): number {
  return Buffer.prototype.indexOf.call(bytes, byte, start)
}
