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
    const found = wellFormedLength(bytes, at)
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

/** How many bytes at the end are the beginning of a character whose rest may still come: 3 at most. */
export function incompleteTail(bytes: Uint8Array): number {
  const end = bytes.byteLength
  for (let back = 1; back <= Math.min(3, end); back += 1) {
    const at = end - back
    if (isContinuation(bytes[at])) continue
    return claimedLength(bytes[at]) > back && wellFormedLength(bytes, at) === back ? back : 0
  }
  return 0
}

/** How long the character is that this byte begins, or seems to begin; 0 for one that begins none. */
function claimedLength(lead = 0): number {
  if (lead < 0x80) return 1
  if (lead < 0xc0 || lead >= 0xf8) return 0
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
}

/** How many bytes from here on are well-formed as one character, or as its beginning (Unicode, table 3-7). */
function wellFormedLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0
  const claimed = claimedLength(lead)
  const isLead = claimed === 1 || (lead >= 0xc2 && lead <= 0xf4)
  let length = isLead ? 1 : 0
  while (length > 0 && length < claimed) {
    const next = bytes[at + length] ?? 0
    if (!isContinuation(next) || (length === 1 && !mayFollow(lead, next))) break
    length += 1
  }
  return length
}

/** Rules out overlong forms, surrogates, and what is beyond U+10FFFF. */
function mayFollow(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0
  if (lead === 0xed) return second < 0xa0
  if (lead === 0xf0) return second >= 0x90
  return lead !== 0xf4 || second < 0x90
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte < 0xc0
}
