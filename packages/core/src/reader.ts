import { decodeUtf8 } from './environment.ts'
import { type CloseItem, type END, HeldInput, SignalItem, unpinned } from './held-input.ts'
import { asBytes, concatBytes, countUtf8, incompleteTail, utf8Length, wellFormed } from './utf8.ts'

/** How the owner reads; `none` is an owner without a reading handler. */
export type Mode = 'none' | 'line' | 'text' | 'bytes'

/** The line at the head of the input is longer than the limit. */
export const TOO_LONG: unique symbol = Symbol('line too long')

/** What a reader gives: a line or a text, bytes, or one of the other items. */
export type Taken = string | Uint8Array | SignalItem | CloseItem | typeof END | typeof TOO_LONG

const NUL = 0
const LF = 10
const CR = 13

/**
 * Takes the next thing for the owner from the head of the held input, as lines, as text or as bytes. What is not
 * complete yet (half a line, half a character) stays held as it came, so the mode may change at any time.
 */
export class Reader {
  readonly #held = new HeldInput()
  /** On a message link every item is one whole message, and its end ends a line and a character. */
  messages = false
  /** The longest line, in bytes. */
  lineLimit: number
  /** Bytes that have been taken, swallowed line ends included. */
  position = 0
  /** Bytes that are held. */
  heldBytes = 0
  /** Did the last line that was taken end with a line end? */
  terminated = true
  /** A line ended with CR at the end of what was there: one following LF or NUL belongs to it. */
  #afterCr = false
  /** How far the search for a line end has come, so that a dripping peer costs no second look. */
  #scanItem = 0
  #scanOffset = 0
  #scanBytes = 0

  constructor(lineLimit: number) {
    this.lineLimit = lineLimit
  }

  /** True when a chunk that arrives now may go to the owner without being held. */
  get isClear(): boolean {
    return this.#held.length === 0 && !this.#afterCr
  }

  get length(): number {
    return this.#held.length
  }

  push(chunk: string | Uint8Array): void {
    this.heldBytes += typeof chunk === 'string' ? utf8Length(chunk) : chunk.byteLength
    if (this.messages) this.#held.push(chunk)
    else if (typeof chunk === 'string') {
      if (chunk !== '') this.#held.push(chunk)
    } else if (chunk.byteLength > 0) this.#held.pushStreamChunk(chunk)
  }

  pushItem(item: SignalItem | CloseItem | typeof END): void {
    this.#held.push(item)
  }

  /** Forgets everything that is held and says how many bytes that was. */
  drop(): number {
    const dropped = this.heldBytes
    this.heldBytes = 0
    this.#held.clear()
    this.#rescan()
    return dropped
  }

  /** The next thing for an owner that reads in this mode, or undefined when there is nothing complete. */
  take(mode: Mode): Taken | undefined {
    for (;;) {
      const head = this.#held.at(0)
      if (head === undefined) return undefined
      if (typeof head !== 'string' && !(head instanceof Uint8Array)) {
        this.#held.shift()
        return head
      }
      if (this.#afterCr) {
        this.#swallow(head)
        continue
      }
      if (mode === 'line') return this.messages ? this.#takeLineOfMessage(head) : this.#takeLine()
      if (mode === 'text' && !this.messages && head instanceof Uint8Array) {
        const text = this.#takeText(head)
        if (text === JOINED) continue
        return text
      }
      return this.#takeWhole(head, mode)
    }
  }

  /** Called when delivery stops: half a line is not to keep a large chunk alive. */
  trim(): void {
    const head = this.#held.at(0)
    if (!(head instanceof Uint8Array)) return
    const { offset } = this.#held
    if ((head.byteLength - offset) * 4 > head.buffer.byteLength) return
    this.#held.replaceHead(unpinned(head, offset))
    if (this.#scanItem === 0) this.#scanOffset = Math.max(0, this.#scanOffset - offset)
  }

  #takeWhole(head: string | Uint8Array, mode: Mode): string | Uint8Array {
    const { offset } = this.#held
    this.#held.shift()
    this.#rescan()
    if (mode === 'bytes') {
      const bytes = asBytes(head, offset)
      this.#account(bytes.byteLength)
      return bytes
    }
    if (typeof head === 'string') {
      this.#account(countUtf8(head, offset, head.length))
      return wellFormed(offset === 0 ? head : head.slice(offset))
    }
    this.#account(head.byteLength - offset)
    return decodeUtf8(head, offset, head.byteLength)
  }

  #takeText(head: Uint8Array): string | SignalItem | typeof JOINED | undefined {
    const { offset } = this.#held
    const end = head.byteLength
    const tail = incompleteTail(head, offset, end)
    if (tail === 0) return this.#takeWhole(head, 'text') as string
    if (end - offset > tail) {
      this.#held.offset = end - tail
      this.#rescan()
      this.#account(end - offset - tail)
      return decodeUtf8(head, offset, end - tail)
    }
    // Only the beginning of a character is left: what comes next may complete it.
    const next = this.#held.at(1)
    if (next === undefined) return undefined
    if (next instanceof SignalItem) {
      this.#held.removeAt(1)
      return next
    }
    if (!(next instanceof Uint8Array)) return this.#takeWhole(head, 'text') as string
    this.#held.shift()
    this.#held.replaceHead(concatBytes([head.subarray(offset), next]))
    this.#rescan()
    return JOINED
  }

  #takeLine(): Taken | undefined {
    let index = this.#scanItem
    let from = index === 0 ? Math.max(this.#scanOffset, this.#held.offset) : this.#scanOffset
    for (;;) {
      const item = this.#held.at(index)
      if (item instanceof SignalItem) {
        this.#held.removeAt(index)
        this.#pauseSearch(index)
        return item
      }
      if (item === undefined) {
        this.#pauseSearch(index)
        return undefined
      }
      if (typeof item !== 'string' && !(item instanceof Uint8Array)) {
        this.terminated = false
        return this.#takeLineUpTo(index - 1, undefined)
      }
      const found = findLineEnd(item, from)
      const until = found < 0 ? item.length : found
      this.#scanBytes += typeof item === 'string' ? countUtf8(item, from, until) : until - from
      if (this.#scanBytes > this.lineLimit) return TOO_LONG
      if (found >= 0) {
        this.terminated = true
        return this.#takeLineUpTo(index, found)
      }
      index += 1
      from = 0
    }
  }

  /** Remembers that all before `index` has been searched. A later chunk may be joined to the item before it. */
  #pauseSearch(index: number): void {
    const before = this.#held.at(index - 1)
    const joinable = before instanceof Uint8Array
    this.#scanItem = joinable ? index - 1 : index
    this.#scanOffset = joinable ? before.byteLength : 0
  }

  /** The line from the head up to `end` in the item at `last`; undefined: up to the end of that item. */
  #takeLineUpTo(last: number, end: number | undefined): string {
    const { offset } = this.#held
    let line = ''
    let run: Uint8Array[] = []
    for (let index = 0; index <= last; index += 1) {
      const item = this.#held.at(index) as string | Uint8Array
      const start = index === 0 ? offset : 0
      const stop = index === last && end !== undefined ? end : item.length
      if (typeof item === 'string') {
        line += decodeRun(run) + wellFormed(item.slice(start, stop))
        run = []
      } else if (last === 0) line = decodeUtf8(item, start, stop)
      else run.push(item.subarray(start, stop))
    }
    line += decodeRun(run)
    this.#account(this.#scanBytes)
    for (let index = 0; index < last; index += 1) this.#held.shift()
    if (end === undefined) this.#held.shift()
    else this.#passLineEnd(this.#held.at(0) as string | Uint8Array, end)
    this.#rescan()
    return line
  }

  #takeLineOfMessage(message: string | Uint8Array): string | typeof TOO_LONG {
    const start = this.#held.offset
    const found = findLineEnd(message, start)
    const end = found < 0 ? message.length : found
    const size = typeof message === 'string' ? countUtf8(message, start, end) : end - start
    if (size > this.lineLimit) return TOO_LONG
    this.terminated = true
    this.#account(size)
    if (found < 0) this.#held.shift()
    else this.#passLineEnd(message, found)
    this.#rescan()
    if (typeof message === 'string') return wellFormed(message.slice(start, end))
    return decodeUtf8(message, start, end)
  }

  /** Goes past the line end at `at`; of a pair both, when both are here, and else the second when it comes. */
  #passLineEnd(item: string | Uint8Array, at: number): void {
    let next = at + 1
    if (unitAt(item, at) === CR) {
      if (next < item.length) {
        if (isSecondOfPair(unitAt(item, next))) next += 1
      } else this.#afterCr = !this.messages
    }
    this.#account(next - at)
    if (next < item.length) this.#held.offset = next
    else this.#held.shift()
  }

  #swallow(head: string | Uint8Array): void {
    this.#afterCr = false
    const { offset } = this.#held
    if (!isSecondOfPair(unitAt(head, offset))) return
    this.#account(1)
    if (offset + 1 < head.length) this.#held.offset = offset + 1
    else this.#held.shift()
    this.#rescan()
  }

  #account(bytes: number): void {
    this.position += bytes
    this.heldBytes -= bytes
  }

  #rescan(): void {
    this.#scanItem = 0
    this.#scanOffset = 0
    this.#scanBytes = 0
  }
}

/** Two chunks became one: look again. */
const JOINED: unique symbol = Symbol('joined')

function unitAt(item: string | Uint8Array, index: number): number {
  return typeof item === 'string' ? item.charCodeAt(index) : (item[index] as number)
}

function isSecondOfPair(unit: number): boolean {
  return unit === LF || unit === NUL
}

function decodeRun(run: readonly Uint8Array[]): string {
  if (run.length === 0) return ''
  const bytes = concatBytes(run)
  return decodeUtf8(bytes, 0, bytes.byteLength)
}

function findLineEnd(item: string | Uint8Array, from: number): number {
  if (typeof item === 'string') {
    for (let index = from; index < item.length; index += 1) {
      const unit = item.charCodeAt(index)
      if (unit === LF || unit === CR) return index
    }
    return -1
  }
  for (let index = from; index < item.byteLength; index += 1) {
    const byte = item[index]
    if (byte === LF || byte === CR) return index
  }
  return -1
}
