import type { CloseReason } from '../close-reason.ts'
import { utf8Length } from '../utf8.ts'

/** What goes over a connection in memory. */
export type WireItem =
  | { readonly type: 'data'; readonly chunk: string | Uint8Array }
  | { readonly type: 'signal'; readonly name: string; readonly payload: unknown }
  | { readonly type: 'end' }
  | { readonly type: 'close'; readonly reason: CloseReason }

/** One end of a connection in memory: what the other end sent and this one has not taken yet. */
export abstract class MemoryEnd {
  /** The other end, once the two are joined. */
  #other: MemoryEnd | undefined
  readonly #incoming: WireItem[] = []
  #held = 0
  /** So many items have been read already, and are taken whatever happens. */
  #burst = 0
  #pumping = false

  /** A test moves this end: what it does is an event of the network, never part of a call on the other end. */
  protected abstract readonly scripted: boolean
  /** May the next item be taken now? */
  protected abstract readonly takes: boolean
  protected abstract take(item: WireItem): void
  /** What this end sent has all been taken. */
  protected abstract drained(): void
  /** The other end has broken the connection. */
  protected abstract broken(error: Error | undefined): void

  /** Joins two ends to a connection. */
  static join(one: MemoryEnd, two: MemoryEnd): void {
    one.#other = two
    two.#other = one
  }

  /** Bytes that this end sent and that the other has not taken. */
  protected get underWay(): number {
    return this.#other ? this.#other.#held : 0
  }

  /** Whether what comes from the other end is an event of the network, and may be passed on at once. */
  protected get isEvent(): boolean {
    return this.#other?.scripted ?? false
  }

  protected sendItem(item: WireItem): void {
    this.#other?.receive([item])
  }

  protected breakOff(error: Error | undefined): void {
    // The other end may still want to know how much it had under way.
    this.#other?.broken(error)
    this.forget()
  }

  /** Sends items that the other end reads all at once: it takes the rest even when it pauses in between. */
  protected sendBurst(items: readonly WireItem[]): void {
    const other = this.#other
    if (other?.takes) other.#burst = other.#incoming.length + items.length
    other?.receive(items)
  }

  protected receive(items: readonly WireItem[]): void {
    for (const item of items) {
      this.#incoming.push(item)
      this.#held += sizeOf(item)
    }
    this.arrived()
  }

  /** Something is there to be taken. */
  protected arrived(): void {
    this.pump()
  }

  /** Forgets what has not been taken. */
  protected forget(): void {
    this.#incoming.length = 0
    this.#held = 0
    this.#burst = 0
  }

  /** Takes what may be taken. */
  protected pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    const before = this.#held
    while (this.#burst > 0 || this.takes) {
      const item = this.#incoming.shift()
      if (!item) break
      if (this.#burst > 0) this.#burst -= 1
      this.#held -= sizeOf(item)
      this.take(item)
    }
    this.#pumping = false
    if (before > 0 && this.#held === 0) this.#other?.drained()
  }
}

function sizeOf(item: WireItem): number {
  if (item.type !== 'data') return 0
  return typeof item.chunk === 'string' ? utf8Length(item.chunk) : item.chunk.byteLength
}
