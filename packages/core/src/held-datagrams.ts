import type { Address } from './address.ts'
import { unpinned } from './held-input.ts'
import type { DatagramLimits } from './options.ts'

/** A datagram that has arrived: it is never split or merged, so it is delivered as it is or not at all. */
export interface Datagram {
  readonly bytes: Uint8Array
  readonly from: Address
}

/** The datagrams that nobody reads yet, in the order in which they came; where there are too many, the newest are dropped. */
export class HeldDatagrams {
  /** How many bytes are held. */
  bytes = 0
  /** How many datagrams were dropped. */
  dropped = 0
  readonly #held: Datagram[] = []

  get length(): number {
    return this.#held.length
  }

  /** Holds it, or drops it where it would be too much. */
  push(bytes: Uint8Array, from: Address, limits: DatagramLimits): void {
    const held = this.bytes + bytes.byteLength
    if (this.length >= limits.queueLimit || held > limits.heldLimit) {
      this.dropped += 1
      return
    }
    this.#held.push({ bytes: unpinned(bytes, 0), from })
    this.bytes = held
  }

  /** The oldest. */
  shift(): Datagram | undefined {
    const next = this.#held.shift()
    if (next) this.bytes -= next.bytes.byteLength
    return next
  }

  /** Forgets all of them, and says how many bytes they were. */
  clear(): number {
    const { bytes } = this
    this.#held.length = 0
    this.bytes = 0
    return bytes
  }
}
