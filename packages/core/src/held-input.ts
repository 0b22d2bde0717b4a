import type { CloseReason } from './close-reason.ts'
import type { LineWindow } from './line-window.ts'

/** A signal in its place among the data. */
export class SignalItem {
  readonly name: string
  readonly payload: unknown
  constructor(name: string, payload: unknown) {
    this.name = name
    this.payload = payload
  }
}

/** The peer's clean close in its place behind the data. */
export class CloseItem {
  readonly reason: CloseReason
  constructor(reason: CloseReason) {
    this.reason = reason
  }
}

/** The peer has finished sending. */
export const END: unique symbol = Symbol('end')

export type HeldItem = Uint8Array | string | SignalItem | CloseItem | typeof END

/** Chunks of a stream up to this size are joined while they are held, so that a dripping peer costs little memory. */
const SMALL_CHUNK = 2048
const JOINED_LIMIT = 8 * SMALL_CHUNK

/** What stands behind the first item, mostly. */
const NOTHING: HeldItem[] = []

/**
 * What has arrived and has not been delivered: raw items in their order, and how far delivery has come in the first
 * one. Nothing in here is decoded or split, so that a change of owner, of mode or of process loses nothing.
 */
export class HeldInput {
  /** The first item stands apart: mostly it is the only one, and then the list is never touched. */
  #head: HeldItem | undefined
  #rest: HeldItem[] = NOTHING
  #next = 0
  /** Memory in which small chunks are joined; the last item is then a view of its beginning. */
  #joined: Uint8Array | undefined
  /** Where delivery goes on in the first item: bytes of a chunk, UTF-16 units of a text. */
  offset = 0
  /** How many bytes of data are held. */
  bytes = 0
  /** The lines at the beginning of the first item; `none` where it has been tried in vain. */
  lines: LineWindow | 'none' | undefined
  /** How far the search for a line end has come, so that a dripping peer costs no second look. */
  scanItem = 0
  scanOffset = 0
  scanBytes = 0

  get length(): number {
    return this.#head === undefined ? 0 : 1 + this.#rest.length - this.#next
  }

  at(index: number): HeldItem | undefined {
    return index === 0 ? this.#head : this.#rest[this.#next + index - 1]
  }

  push(item: HeldItem): void {
    this.#joined = undefined
    if (this.#head === undefined) this.#head = item
    else if (this.#rest === NOTHING) this.#rest = [item]
    else this.#rest.push(item)
  }

  /** Holds a chunk of a stream, where the borders of chunks mean nothing: a small one is joined to the one before. */
  pushStreamChunk(chunk: Uint8Array): void {
    const before = this.length > 0 ? this.at(this.length - 1) : undefined
    const size = before instanceof Uint8Array ? before.byteLength + chunk.byteLength : 0
    if (!(before instanceof Uint8Array) || chunk.byteLength > SMALL_CHUNK || size > JOINED_LIMIT) {
      this.push(chunk)
      return
    }
    if (!this.#joined || this.#joined.byteLength < size) {
      this.#joined = new Uint8Array(size * 2)
      this.#joined.set(before)
    }
    this.#joined.set(chunk, before.byteLength)
    this.#setLast(this.#joined.subarray(0, size))
  }

  shift(): void {
    this.offset = 0
    this.lines = undefined
    if (this.#next === this.#rest.length) {
      this.#head = undefined
      this.#joined = undefined
      return
    }
    this.#head = this.#rest[this.#next]
    this.#next += 1
    if (this.#next === this.#rest.length) {
      this.#rest = NOTHING
      this.#next = 0
    } else if (this.#next > 64 && this.#next * 2 > this.#rest.length) {
      this.#rest.splice(0, this.#next)
      this.#next = 0
    }
  }

  /** Takes an item out from behind others that stay. */
  removeAt(index: number): void {
    this.#rest.splice(this.#next + index - 1, 1)
    this.#joined = undefined
  }

  /** Puts another item in the place of the first one, and starts at its beginning. */
  replaceHead(item: HeldItem): void {
    this.#head = item
    this.offset = 0
    this.lines = undefined
    this.#joined = undefined
  }

  /** The search for a line end starts anew. */
  rescan(): void {
    this.scanItem = 0
    this.scanOffset = 0
    this.scanBytes = 0
  }

  #setLast(item: HeldItem): void {
    if (this.length === 1) {
      this.#head = item
      // There may be whole lines in it now.
      this.lines = undefined
    } else this.#rest[this.#rest.length - 1] = item
  }
}

/** A chunk that is a small part of the memory it keeps alive is copied out of it. */
export function unpinned(chunk: Uint8Array, start: number): Uint8Array {
  const rest = chunk.byteLength - start
  const part = chunk.subarray(start)
  // The constructor copies; `slice` would not, where the chunk is a Buffer of Node's.
  return rest * 4 <= chunk.buffer.byteLength ? new Uint8Array(part) : part
}
