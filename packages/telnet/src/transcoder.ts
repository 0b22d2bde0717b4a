import { isUtf8 } from 'node:buffer'
import { concatBytes, incompleteTail, sizeByLead, wellFormedLength } from '@mudwire/core/internal'

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
    return (this.charset === 'auto' ? this.utf8(bytes) : undefined) ?? this.transcode(bytes)
  }

  /** Nothing follows: the beginning of a character is no character. */
  end(): Uint8Array {
    const tail = this.#tail
    this.#tail = NOTHING
    return tail.length === 0 ? tail : fromLatin1(tail)
  }

  /** The same memory, up to the last whole character; undefined where it is no UTF-8. */
  private utf8(bytes: Uint8Array): Uint8Array | undefined {
    const end = bytes.length - incompleteTail(bytes, 0, bytes.length)
    const whole = end === bytes.length ? bytes : bytes.subarray(0, end)
    if (!isUtf8(whole)) return undefined
    if (whole !== bytes) this.keep(bytes, end)
    return whole
  }

  private transcode(bytes: Uint8Array): Uint8Array {
    const result = new Uint8Array(bytes.length * 2)
    let end = 0
    for (let at = 0; at < bytes.length; ) {
      const byte = bytes[at] as number
      const size = byte < 0x80 ? 1 : this.charset === 'latin1' ? 0 : sizeAt(bytes, at)
      if (size === INCOMPLETE) {
        this.keep(bytes, at)
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

  /** A copy, so that it keeps no chunk alive; `slice` would not be one of a Buffer. */
  private keep(bytes: Uint8Array, start: number): void {
    this.#tail = new Uint8Array(bytes.subarray(start))
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

function fromLatin1(bytes: Uint8Array): Uint8Array {
  const transcoder = new Transcoder('latin1')
  return transcoder.push(bytes, false)
}
