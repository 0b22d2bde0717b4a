import { encodeUtf8, nativeUtf8Length } from './environment.ts'

/** Below this many characters a loop is quicker than a call into the engine. */
const LOOP_LIMIT = 32

/** How many bytes a text is in UTF-8. Lone surrogates count as the three bytes of U+FFFD. */
export function utf8Length(text: string): number {
  if (text.length > LOOP_LIMIT && nativeUtf8Length) return nativeUtf8Length(text)
  return countUtf8(text, 0, text.length)
}

/** How many bytes the characters from `start` up to `end` are in UTF-8. */
export function countUtf8(text: string, start: number, end: number): number {
  let bytes = end - start
  for (let i = start; i < end; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    bytes += 1
    if (unit < 0x800) continue
    bytes += 1
    const pair = (unit & 0xfc00) === 0xd800 && i + 1 < end && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00
    // Two units make one character of four bytes: the second unit's own byte has been counted already.
    if (pair) i += 1
  }
  return bytes
}

/**
 * How many bytes at the end of `bytes[start, end)` begin a character that is not complete yet: 0 to 3. Bytes that can
 * never become a character are not counted; they are errors already.
 */
export function incompleteTail(bytes: Uint8Array, start: number, end: number): number {
  for (let back = 1; back <= 3 && end - back >= start; back += 1) {
    const at = end - back
    const byte = bytes[at] as number
    if (isContinuation(byte)) continue
    return sizeByLead(byte) > back && wellFormedLength(bytes, at, end) === back ? back : 0
  }
  return 0
}

/** How many bytes a character has that begins with this one; 0 for a byte that begins none. */
export function sizeByLead(lead: number): number {
  if (lead < 0x80) return 1
  if (lead >= 0xc2 && lead < 0xe0) return 2
  if (lead >= 0xe0 && lead < 0xf0) return 3
  if (lead >= 0xf0 && lead <= 0xf4) return 4
  return 0
}

/** How many bytes of `bytes[at, end)` are well-formed as one character, or as the beginning of one (Unicode, table 3-7). */
export function wellFormedLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] as number
  const size = sizeByLead(lead)
  let length = size === 0 ? 0 : 1
  while (length > 0 && length < size && at + length < end) {
    const next = bytes[at + length] as number
    if (!isContinuation(next) || (length === 1 && !validSecond(lead, next))) break
    length += 1
  }
  return length
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80
}

/** After some lead bytes the second one has a narrower range. */
function validSecond(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0
  if (lead === 0xed) return second <= 0x9f
  if (lead === 0xf0) return second >= 0x90
  if (lead === 0xf4) return second <= 0x8f
  return true
}

/** A text as what its UTF-8 stands for: lone surrogates become U+FFFD. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed()
}

/** One piece of memory from several. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.byteLength
  }
  return whole
}

/** A held item as its bytes. */
export function asBytes(item: string | Uint8Array, start: number): Uint8Array {
  if (typeof item === 'string') return encodeUtf8(start === 0 ? item : item.slice(start))
  return start === 0 ? item : item.subarray(start)
}
