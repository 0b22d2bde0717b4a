import { concatBytes } from '@mudwire/core/internal'

// RFC 6455, section 5.2: two bytes, then the extended length and the mask.
const LENGTH = 0x7f
const FIN = 0x80
const MASKED = 0x80
const CONTROL = 0x08
const SHORTEST_HEADER = 2

/**
 * Follows the frames of a WebSocket stream, and knows whether the last of them was complete. `ws` does not say: it
 * tells a peer that left between two messages and one that was cut off in the middle of one in the same way.
 */
export class FrameBoundary {
  /** A header of which the rest is still to come. */
  #header: Uint8Array | undefined
  #payloadLeft = 0
  /** A message has begun whose last fragment has not come. */
  #fragmented = false

  /** Everything that has come so far is whole messages. */
  get isBetweenMessages(): boolean {
    return this.#header === undefined && this.#payloadLeft === 0 && !this.#fragmented
  }

  feed(chunk: Uint8Array): void {
    let bytes = chunk
    if (this.#header !== undefined) {
      bytes = concatBytes([this.#header, chunk])
      this.#header = undefined
    }
    let at = 0
    while (at < bytes.byteLength) {
      if (this.#payloadLeft > 0) {
        const skipped = Math.min(this.#payloadLeft, bytes.byteLength - at)
        this.#payloadLeft -= skipped
        at += skipped
      } else {
        const size = headerSize(bytes, at)
        if (at + size > bytes.byteLength) {
          this.#header = new Uint8Array(bytes.subarray(at))
          return
        }
        const first = bytes[at] as number
        if (!(first & CONTROL)) this.#fragmented = !(first & FIN)
        this.#payloadLeft = payloadSize(bytes, at)
        at += size
      }
    }
  }
}

/** How long the header is that begins here, as far as its bytes are there. */
function headerSize(bytes: Uint8Array, at: number): number {
  if (at + SHORTEST_HEADER > bytes.byteLength) return SHORTEST_HEADER
  const second = bytes[at + 1] as number
  const length = second & LENGTH
  return SHORTEST_HEADER + (length === 126 ? 2 : length === 127 ? 8 : 0) + (second & MASKED ? 4 : 0)
}

function payloadSize(bytes: Uint8Array, at: number): number {
  const length = (bytes[at + 1] as number) & LENGTH
  if (length < 126) return length
  const extended = length === 126 ? 2 : 8
  let size = 0
  for (let index = 0; index < extended; index += 1) size = size * 256 + (bytes[at + 2 + index] as number)
  return size
}
