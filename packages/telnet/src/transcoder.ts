import { concatBytes, sizeByLead, wellFormedLength } from '@mudwire/core/internal'

/**
 * How the peer's bytes are read. `auto`: UTF-8, and a byte that is none is Latin-1. `latin1`: every byte is a character.
 * `raw`: they are left as they are.
 */
export type InputCharset = 'auto' | 'latin1' | 'raw'

const NOTHING = new Uint8Array(0)

/** Makes UTF-8 of what arrives. The beginning of a character waits for its end. */
export class Transcoder {
  charset: InputCharset
  #tail = NOTHING

  constructor(charset: InputCharset) {
    this.charset = charset
  }

  /** The bytes as UTF-8; the same memory where they are that already. `isAscii`: they are known to be ASCII. */
  push(chunk: Uint8Array, isAscii: boolean): Uint8Array {
    if (this.charset === 'raw' || (isAscii && this.#tail.length === 0)) return chunk
    const bytes = this.#tail.length === 0 ? chunk : concatBytes([this.#tail, chunk])
    this.#tail = NOTHING
    const first = this.charset === 'auto' ? endOfUtf8(bytes) : firstBeyondAscii(bytes, 0)
    return first === bytes.length ? bytes : this.transcode(bytes, first)
  }

  /** Nothing follows: the beginning of a character is no character. */
  end(): Uint8Array {
    const tail = this.#tail
    this.#tail = NOTHING
    return tail.length === 0 ? tail : fromLatin1(tail)
  }

  private transcode(bytes: Uint8Array, first: number): Uint8Array {
    const result = new Uint8Array(first + (bytes.length - first) * 2)
    result.set(bytes.subarray(0, first))
    let end = first
    for (let at = first; at < bytes.length; ) {
      const byte = bytes[at] as number
      const size = byte < 0x80 ? 1 : this.charset === 'latin1' ? 0 : sizeAt(bytes, at)
      if (size === INCOMPLETE) {
        // A copy, so that it keeps no chunk alive; `slice` would not be one of a Buffer.
        this.#tail = new Uint8Array(bytes.subarray(at))
        break
      }
      if (size === 0) {
        result[end++] = 0xc0 | (byte >> 6)
        result[end++] = 0x80 | (byte & 0x3f)
        at += 1
      } else for (const stop = at + size; at < stop; at += 1) result[end++] = bytes[at] as number
    }
    return result.subarray(0, end)
  }
}

const INCOMPLETE = -1

/** How long the UTF-8 character is that begins here; 0 where none does. */
function sizeAt(bytes: Uint8Array, at: number): number {
  const size = sizeByLead(bytes[at] as number)
  const found = wellFormedLength(bytes, at, bytes.length)
  if (found === size) return size
  return at + found === bytes.length ? INCOMPLETE : 0
}

/** Where what is no UTF-8 begins, or a character that is not whole; the length where all of it is UTF-8. */
function endOfUtf8(bytes: Uint8Array): number {
  for (let at = 0; ; ) {
    at = firstBeyondAscii(bytes, at)
    if (at === bytes.length) return at
    const size = sizeAt(bytes, at)
    if (size <= 0) return at
    at += size
  }
}

function firstBeyondAscii(bytes: Uint8Array, start: number): number {
  let at = start
  // Four at a time: most of what arrives is ASCII, and all of it is looked at.
  for (const last = bytes.length - 3; at < last; at += 4) {
    const four =
      (bytes[at] as number) |
      (bytes[at + 1] as number) |
      (bytes[at + 2] as number) |
      (bytes[at + 3] as number)
    if (four >= 0x80) break
  }
  while (at < bytes.length && (bytes[at] as number) < 0x80) at += 1
  return at
}

function fromLatin1(bytes: Uint8Array): Uint8Array {
  const transcoder = new Transcoder('latin1')
  return transcoder.push(bytes, false)
}
