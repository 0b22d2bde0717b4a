import { encodeUtf8Into } from './environment.ts'
import { PreparedText } from './prepared.ts'
import type { Link } from './transport.ts'

type Part = string | Uint8Array | PreparedText

/** What was written and not handed to the link yet, in its order. */
export class Gather {
  /** The texts at the end, joined. */
  #text = ''
  /** All that came before them; messages are never joined, so on a message link every text stands here too. */
  #before: Part[] | undefined
  /** Bytes that are gathered, texts counted in UTF-8. */
  bytes = 0

  get isEmpty(): boolean {
    return this.#text === '' && this.#before === undefined
  }

  add(part: Part, size: number): void {
    this.bytes += size
    if (typeof part === 'string') this.#text += part
    else this.#addBehindText(part)
  }

  /** Adds what must stay one message. */
  addMessage(part: Part, size: number): void {
    this.bytes += size
    this.#before ??= []
    this.#before.push(part)
  }

  clear(): void {
    this.#text = ''
    this.#before = undefined
    this.bytes = 0
  }

  /** Hands everything to the link, in one write where the link's shape allows it. */
  flushTo(link: Link): void {
    const before = this.#before
    const text = this.#text
    const size = this.bytes
    this.clear()
    if (before === undefined) link.write(text)
    else {
      if (text !== '') before.push(text)
      if (link.shape === 'message' && link.text !== 'stream') writeEach(before, link)
      else if (before.length === 1) writePart(before[0] as Part, link)
      else if (link.shape === 'stream' && link.encoding === 'utf8') link.write(joinAll(before, size))
      else writeEach(joinTexts(before), link)
    }
  }

  #addBehindText(part: Uint8Array | PreparedText): void {
    this.#before ??= []
    if (this.#text !== '') this.#before.push(this.#text)
    this.#text = ''
    this.#before.push(part)
  }
}

function writePart(part: Part, link: Link): boolean {
  return part instanceof PreparedText ? part.writeTo(link) : link.write(part)
}

function writeEach(parts: readonly Part[], link: Link): void {
  for (const part of parts) writePart(part, link)
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
