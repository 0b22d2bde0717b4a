import { wellFormedLength } from '@mudwire/core/internal'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes to text; undefined for what is not UTF-8. */
export function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * Bytes to text, as FluffOS does it: one U+FFFD for a broken sequence with all that continues it, where the WHATWG's rule
 * would have up to four.
 */
export function decodeText(bytes: Uint8Array): string {
  return decodeStrictly(bytes) ?? strict.decode(repaired(bytes))
}

/** U+FFFD. */
const REPLACEMENT = [0xef, 0xbf, 0xbd] as const

/** The bytes with U+FFFD in the place of everything that is not UTF-8. */
function repaired(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(bytes.byteLength * REPLACEMENT.length)
  let used = 0
  let at = 0
  while (at < bytes.byteLength) {
    const claimed = claimedLength(bytes[at])
    const found = wellFormedLength(bytes, at, bytes.byteLength)
    if (claimed > 0 && found === claimed) {
      whole.set(bytes.subarray(at, at + found), used)
      used += found
      at += found
      continue
    }
    whole.set(REPLACEMENT, used)
    used += REPLACEMENT.length
    at += 1
    // A byte that begins nothing is replaced by itself.
    if (claimed > 0) while (isContinuation(bytes[at])) at += 1
  }
  return whole.subarray(0, used)
}

/** How long the character is that this byte begins, or seems to begin; 0 for one that begins none. */
function claimedLength(lead = 0): number {
  if (lead < 0x80) return 1
  if (lead < 0xc0 || lead >= 0xf8) return 0
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte < 0xc0
}
