import { decodeUtf8 } from './environment.ts'
import { type CloseItem, type END, HeldInput, SignalItem, unpinned } from './held-input.ts'
import { isSecondOfPair, LineWindow } from './line-window.ts'
import { asBytes, concatBytes, countUtf8, incompleteTail, utf8Length, wellFormed } from './utf8.ts'

/** How the owner reads; `none` is an owner without a reading handler. */
export type Mode = 'none' | 'line' | 'text' | 'bytes'

/** The line at the head of the input is longer than the limit. */
export const TOO_LONG: unique symbol = Symbol('line too long')

/** What a reader gives: a line or a text, bytes, or one of the other items. */
export type Taken = string | Uint8Array | SignalItem | CloseItem | typeof END | typeof TOO_LONG

const LF = 10
const CR = 13

/**
 * Takes the next thing for the owner from the head of the held input, as lines, as text or as bytes. What is not
 * complete yet (half a line, half a character) stays held as it came, so the mode may change at any time.
 */
export class Reader {
  /** Made when something has to be held and dropped when it is empty: a silent connection has none. */
  #held: HeldInput | undefined
  /** On a message link every item is one whole message, and its end ends a line and a character. */
  messages = false
  /** Bytes that have been taken, swallowed line ends included. */
  position = 0
  /** Did the last line that was taken end with a line end? */
  terminated = true
  /** A line ended with CR at the end of what was there: one following LF or NUL belongs to it. */
  #afterCr = false

  /** True when a chunk that arrives now may go to the owner without being held. */
  get isClear(): boolean {
    return (this.#held === undefined || this.#held.length === 0) && !this.#afterCr
  }

  /** Items that are held. */
  get length(): number {
    return this.#held === undefined ? 0 : this.#held.length
  }

  /** Bytes that are held. */
  get heldBytes(): number {
    return this.#held === undefined ? 0 : this.#held.bytes
  }

  push(chunk: string | Uint8Array): void {
    if (chunk.length === 0 && !this.messages) return
    this.#held ??= new HeldInput()
    const held = this.#held
    held.bytes += typeof chunk === 'string' ? utf8Length(chunk) : chunk.byteLength
    if (this.messages || typeof chunk === 'string') held.push(chunk)
    else held.pushStreamChunk(chunk)
  }

  pushItem(item: SignalItem | CloseItem | typeof END): void {
    this.#held ??= new HeldInput()
    this.#held.push(item)
  }

  /** Forgets everything that is held and says how many bytes that was. */
  drop(): number {
    const dropped = this.heldBytes
    this.#held = undefined
    return dropped
  }

  /** The next thing for an owner that reads in this mode, or undefined when there is nothing complete. */
  take(mode: Mode, lineLimit: number): Taken | undefined {
    const held = this.#held
    if (held === undefined) return undefined
    for (;;) {
      const head = held.at(0)
      if (head === undefined) {
        this.#held = undefined
        return undefined
      }
      if (typeof head !== 'string' && !(head instanceof Uint8Array)) {
        held.shift()
        return head
      }
      if (this.#afterCr) {
        this.swallow(held, head)
        continue
      }
      if (mode === 'line') {
        return this.messages
          ? this.takeLineOfMessage(held, head, lineLimit)
          : this.takeLine(held, head, lineLimit)
      }
      if (mode === 'text' && !this.messages && head instanceof Uint8Array) {
        const text = this.takeText(held, head)
        if (text === JOINED) continue
        return text
      }
      return this.takeWhole(held, head, mode)
    }
  }

  /** Called when delivery stops: half a line is not to keep a large chunk alive. */
  trim(): void {
    const held = this.#held
    const head = held?.at(0)
    if (held === undefined || !(head instanceof Uint8Array)) return
    const { offset } = held
    if ((head.byteLength - offset) * 4 > head.buffer.byteLength) return
    held.replaceHead(unpinned(head, offset))
    if (held.scanItem === 0) held.scanOffset = Math.max(0, held.scanOffset - offset)
  }

  private takeWhole(held: HeldInput, head: string | Uint8Array, mode: Mode): string | Uint8Array {
    const { offset } = held
    held.shift()
    held.rescan()
    if (mode === 'bytes') {
      const bytes = asBytes(head, offset)
      this.account(held, bytes.byteLength)
      return bytes
    }
    if (typeof head === 'string') {
      this.account(held, countUtf8(head, offset, head.length))
      return wellFormed(offset === 0 ? head : head.slice(offset))
    }
    this.account(held, head.byteLength - offset)
    return decodeUtf8(head, offset, head.byteLength)
  }

  private takeText(held: HeldInput, head: Uint8Array): string | SignalItem | typeof JOINED | undefined {
    const { offset } = held
    const end = head.byteLength
    const tail = incompleteTail(head, offset, end)
    if (tail === 0) return this.takeWhole(held, head, 'text') as string
    if (end - offset > tail) {
      held.offset = end - tail
      held.rescan()
      this.account(held, end - offset - tail)
      return decodeUtf8(head, offset, end - tail)
    }
    // Only the beginning of a character is left: what comes next may complete it.
    const next = held.at(1)
    if (next === undefined) return undefined
    if (next instanceof SignalItem) {
      held.removeAt(1)
      return next
    }
    if (!(next instanceof Uint8Array)) return this.takeWhole(held, head, 'text') as string
    held.shift()
    held.replaceHead(concatBytes([head.subarray(offset), next]))
    held.rescan()
    return JOINED
  }

  private takeLine(held: HeldInput, head: string | Uint8Array, lineLimit: number): Taken | undefined {
    return this.takeLineOfWindow(held, head, lineLimit) ?? this.searchLine(held, lineLimit)
  }

  /** A line that is whole in the first chunk; undefined where it must be searched for. */
  private takeLineOfWindow(
    held: HeldInput,
    head: string | Uint8Array,
    lineLimit: number,
  ): string | typeof TOO_LONG | undefined {
    let { lines } = held
    // No second look at what has been searched.
    if (lines === 'none' || typeof head === 'string' || held.scanBytes > 0) return undefined
    // Somebody has read on in another mode.
    if (lines !== undefined && lines.offset !== held.offset) lines = undefined
    let line = lines?.next()
    if (line === undefined) {
      lines = LineWindow.open(head, held.offset)
      held.lines = lines ?? 'none'
      line = lines?.next()
    }
    if (lines === undefined || line === undefined) return undefined
    if (lines.lineBytes > lineLimit) return TOO_LONG
    this.terminated = true
    this.account(held, lines.offset - held.offset)
    if (lines.offset < head.byteLength) held.offset = lines.offset
    else held.shift()
    return line
  }

  private searchLine(held: HeldInput, lineLimit: number): Taken | undefined {
    let index = held.scanItem
    let from = index === 0 ? Math.max(held.scanOffset, held.offset) : held.scanOffset
    for (;;) {
      const item = held.at(index)
      if (item instanceof SignalItem) {
        held.removeAt(index)
        pauseSearch(held, index)
        return item
      }
      if (item === undefined) {
        pauseSearch(held, index)
        return undefined
      }
      if (typeof item !== 'string' && !(item instanceof Uint8Array)) {
        this.terminated = false
        return this.takeLineUpTo(held, index - 1, undefined)
      }
      const found = findLineEnd(item, from)
      const until = found < 0 ? item.length : found
      held.scanBytes += typeof item === 'string' ? countUtf8(item, from, until) : until - from
      if (held.scanBytes > lineLimit) return TOO_LONG
      if (found >= 0) {
        this.terminated = true
        return this.takeLineUpTo(held, index, found)
      }
      index += 1
      from = 0
    }
  }

  /** The line from the head up to `end` in the item at `last`; undefined: up to the end of that item. */
  private takeLineUpTo(held: HeldInput, last: number, end: number | undefined): string {
    const { offset } = held
    let line = ''
    let run: Uint8Array[] = []
    for (let index = 0; index <= last; index += 1) {
      const item = held.at(index) as string | Uint8Array
      const start = index === 0 ? offset : 0
      const stop = index === last && end !== undefined ? end : item.length
      if (typeof item === 'string') {
        line += decodeRun(run) + wellFormed(item.slice(start, stop))
        run = []
      } else if (last === 0) line = decodeUtf8(item, start, stop)
      else run.push(item.subarray(start, stop))
    }
    line += decodeRun(run)
    this.account(held, held.scanBytes)
    for (let index = 0; index < last; index += 1) held.shift()
    if (end === undefined) held.shift()
    else this.passLineEnd(held, held.at(0) as string | Uint8Array, end)
    held.rescan()
    return line
  }

  private takeLineOfMessage(
    held: HeldInput,
    message: string | Uint8Array,
    lineLimit: number,
  ): string | typeof TOO_LONG {
    const start = held.offset
    const found = findLineEnd(message, start)
    const end = found < 0 ? message.length : found
    const size = typeof message === 'string' ? countUtf8(message, start, end) : end - start
    if (size > lineLimit) return TOO_LONG
    this.terminated = true
    this.account(held, size)
    if (found < 0) held.shift()
    else this.passLineEnd(held, message, found)
    if (typeof message === 'string') return wellFormed(message.slice(start, end))
    return decodeUtf8(message, start, end)
  }

  /** Goes past the line end at `at`; of a pair both, when both are here, and else the second when it comes. */
  private passLineEnd(held: HeldInput, item: string | Uint8Array, at: number): void {
    let next = at + 1
    if (unitAt(item, at) === CR) {
      if (next < item.length) {
        if (isSecondOfPair(unitAt(item, next))) next += 1
      } else this.#afterCr = !this.messages
    }
    this.account(held, next - at)
    if (next < item.length) held.offset = next
    else held.shift()
  }

  private swallow(held: HeldInput, head: string | Uint8Array): void {
    this.#afterCr = false
    const { offset } = held
    if (!isSecondOfPair(unitAt(head, offset))) return
    this.account(held, 1)
    if (offset + 1 < head.length) held.offset = offset + 1
    else held.shift()
    held.rescan()
  }

  private account(held: HeldInput, bytes: number): void {
    this.position += bytes
    held.bytes -= bytes
  }
}

/** Two chunks became one: look again. */
const JOINED: unique symbol = Symbol('joined')

/** Remembers that all before `index` has been searched. A later chunk may be joined to the item before it. */
function pauseSearch(held: HeldInput, index: number): void {
  const before = held.at(index - 1)
  const joinable = before instanceof Uint8Array
  held.scanItem = joinable ? index - 1 : index
  held.scanOffset = joinable ? before.byteLength : 0
}

function unitAt(item: string | Uint8Array, index: number): number {
  return typeof item === 'string' ? item.charCodeAt(index) : (item[index] as number)
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
