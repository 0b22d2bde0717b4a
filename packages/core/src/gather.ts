import { encodeUtf8Into } from './environment.ts'
import { PreparedText } from './prepared.ts'
import type { Link } from './transport.ts'
import { utf8Length } from './utf8.ts'

/** What is written at a time. */
export type Part = string | Uint8Array | PreparedText

/** A unit of UTF-16 is at most so many bytes of UTF-8. */
const MOST_BYTES_PER_UNIT = 3

/**
 * What was written and not handed to the link yet, in its order. Texts are joined first and counted afterwards, all at
 * once and only where it matters: most writes are small, and counting would be most of their cost.
 */
export class Gather {
  /** The texts at the end, joined. */
  #text = ''
  /** All that came before them; messages are never joined, so on a message link every text stands here too. */
  #before: Part[] | undefined
  /** Bytes of what came before. */
  #bytesBefore = 0

  /** Bytes that are gathered, texts counted in UTF-8. */
  get bytes(): number {
    return this.#bytesBefore + utf8Length(this.#text)
  }

  /** No more than `bytes`, and had without counting. */
  get leastBytes(): number {
    return this.#bytesBefore + this.#text.length
  }

  /** No less than `bytes`, and had without counting. */
  get mostBytes(): number {
    return this.#bytesBefore + this.#text.length * MOST_BYTES_PER_UNIT
  }

  add(part: Part): void {
    if (typeof part === 'string') this.#text += part
    else {
      if (this.#text !== '') this.addMessage(this.#text)
      this.#text = ''
      this.addMessage(part)
    }
  }

  /** Adds what must stay one message. */
  addMessage(part: Part): void {
    this.#bytesBefore += bytesOf(part)
    this.#before ??= []
    this.#before.push(part)
  }

  /** Hands everything to the link, in one write where the link's shape allows it. Once; then it is done with. */
  flushTo(link: Link): void {
    const before = this.#before
    const text = this.#text
    if (before === undefined) link.write(text)
    else {
      if (text !== '') this.addMessage(text)
      if (link.shape === 'message' && link.text !== 'stream') writeEach(before, link)
      else if (before.length === 1) writePart(before[0] as Part, link)
      else if (link.shape === 'stream' && link.encoding === 'utf8')
        link.write(joinAll(before, this.#bytesBefore))
      else writeEach(joinTexts(before), link)
    }
  }
}

/** How many bytes it is, a text in UTF-8. */
export function bytesOf(part: Part): number {
  if (typeof part === 'string') return utf8Length(part)
  return part instanceof PreparedText ? part.size : part.byteLength
}

/** No less than {@link bytesOf}, and had without counting. */
export function mostBytesOf(part: Part): number {
  return typeof part === 'string' ? part.length * MOST_BYTES_PER_UNIT : bytesOf(part)
}

function writePart(part: Part, link: Link): boolean {
  return part instanceof PreparedText ? part.writeTo(link) : link.write(part)
}

function writeEach(parts: readonly Part[], link: Link): void {
  if (parts.length > 1) link.cork?.()
  for (const part of parts) writePart(part, link)
  if (parts.length > 1) link.uncork?.()
}

function textOf(part: string | PreparedText): string {
  return typeof part === 'string' ? part : part.text
}

/** One chunk of everything: all text as one text, or else all of it as bytes. */
function joinAll(parts: readonly Part[], size: number): string | Uint8Array {
  const runs = joinTexts(parts)
  if (runs.length === 1) return runs[0] as string | Uint8Array
  const whole = new Uint8Array(size)
  let offset = 0
  for (const run of runs) {
    if (typeof run === 'string') offset += encodeUtf8Into(run, whole, offset)
    else {
      whole.set(run, offset)
      offset += run.byteLength
    }
  }
  // A surrogate pair that was written in two halves is one character when joined, and shorter than was counted.
  return offset === size ? whole : whole.subarray(0, offset)
}

/** Neighbouring texts become one text; bytes stay as they were written. */
function joinTexts(parts: readonly Part[]): (string | Uint8Array)[] {
  const runs: (string | Uint8Array)[] = []
  for (const part of parts) {
    const last = runs[runs.length - 1]
    if (part instanceof Uint8Array) runs.push(part)
    else if (typeof last === 'string') runs[runs.length - 1] = last + textOf(part)
    else runs.push(textOf(part))
  }
  return runs
}
