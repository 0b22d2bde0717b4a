import { decodeUtf8 } from './environment.ts'
import { countUtf8, utf8Length } from './utf8.ts'

const NUL = 0
const LF = 10

/** At most so many bytes are decoded at once: a line that somebody keeps keeps the text alive that it was cut from. */
const WINDOW_BYTES = 4 * 1024

/**
 * The whole lines at the head of the held input, decoded all at once, which is much quicker than one by one. Their
 * bytes stay held: whoever reads in another mode, or in another owner's name, finds them where the last line ended.
 */
export class LineWindow {
  readonly #text: string
  /** Every unit of the text stands for one byte. */
  readonly #isPlain: boolean
  #at = 0
  /** The next CR, or the end of the text where there is none. */
  #cr = -1
  /** Where in the held bytes the next line begins. */
  offset: number
  /** Bytes of the last line, without its end. */
  lineBytes = 0

  private constructor(text: string, isPlain: boolean, offset: number) {
    this.#text = text
    this.#isPlain = isPlain
    this.offset = offset
  }

  /** Undefined where no whole line is near, or where what is there is not UTF-8: that must be decoded line by line. */
  static open(bytes: Uint8Array, start: number): LineWindow | undefined {
    let end = Math.min(bytes.byteLength, start + WINDOW_BYTES)
    // What ends with LF ends no matter what follows; a CR may have its LF in the next chunk.
    while (end > start && bytes[end - 1] !== LF) end -= 1
    if (end === start) return undefined
    const text = decodeUtf8(bytes, start, end)
    const size = end - start
    // Replacement characters of broken bytes take more bytes than those did.
    if (text.length !== size && utf8Length(text) !== size) return undefined
    return new LineWindow(text, text.length === size, start)
  }

  /** The next line without its end, or undefined when there is none left. */
  next(): string | undefined {
    const text = this.#text
    const at = this.#at
    if (at === text.length) return undefined
    if (this.#cr < at) {
      const found = text.indexOf('\r', at)
      this.#cr = found < 0 ? text.length : found
    }
    const end = Math.min(text.indexOf('\n', at), this.#cr)
    let next = end + 1
    if (end === this.#cr && isSecondOfPair(text.charCodeAt(next))) next += 1
    this.lineBytes = this.#isPlain ? end - at : countUtf8(text, at, end)
    this.offset += this.lineBytes + next - end
    this.#at = next
    return text.slice(at, end)
  }
}

/** Does this belong to a CR before it? */
export function isSecondOfPair(unit: number): boolean {
  return unit === LF || unit === NUL
}
