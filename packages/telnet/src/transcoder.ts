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
    const first = firstBeyondAscii(bytes)
    if (first < 0) return bytes
    return this.#transcode(bytes, first)
  }

  /** Nothing follows: the beginning of a character is no character. */
  end(): Uint8Array {
    const tail = this.#tail
    this.#tail = NOTHING
    return tail.length === 0 ? tail : fromLatin1(tail)
  }

  #transcode(bytes: Uint8Array, first: number): Uint8Array {
    const result = new Uint8Array(bytes.length * 2)
    result.set(bytes.subarray(0, first))
    let end = first
    for (let at = first; at < bytes.length; ) {
      const byte = bytes[at] as number
      const size = byte < 0x80 ? 1 : this.charset === 'latin1' ? 0 : sizeAt(bytes, at)
      if (size === INCOMPLETE) {
        this.#tail = bytes.slice(at)
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

function firstBeyondAscii(bytes: Uint8Array): number {
  let at = 0
  // Four at a time: most of what arrives is ASCII, and all of it is looked at.
  for (const last = bytes.length - 3; at < last; at += 4) {
    const four =
      (bytes[at] as number) |
      (bytes[at + 1] as number) |
      (bytes[at + 2] as number) |
      (bytes[at + 3] as number)
    if (four >= 0x80) break
  }
  for (; at < bytes.length; at += 1) if ((bytes[at] as number) >= 0x80) return at
  return -1
}

function fromLatin1(bytes: Uint8Array): Uint8Array {
  const transcoder = new Transcoder('latin1')
  return transcoder.push(bytes, false)
}
