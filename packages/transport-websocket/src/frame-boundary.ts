// RFC 6455, section 5.2: two bytes, then the extended length and the mask.
const LENGTH = 0x7f
const FIN = 0x80
const MASKED = 0x80
const CONTROL = 0x08

/**
 * Follows the frames of a WebSocket stream, and knows whether the last of them was complete. `ws` does not say: it
 * tells a peer that left between two messages and one that was cut off in the middle of one in the same way.
 */
export class FrameBoundary {
  readonly #header = new Uint8Array(14)
  #headerBytes = 0
  #payloadLeft = 0
  /** A message has begun whose last fragment has not come. */
  #fragmented = false

  /** Everything that has come so far is whole messages. */
  get isBetweenMessages(): boolean {
    return this.#headerBytes === 0 && this.#payloadLeft === 0 && !this.#fragmented
  }

  feed(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.byteLength) {
      if (this.#payloadLeft > 0) {
        const skipped = Math.min(this.#payloadLeft, chunk.byteLength - at)
        this.#payloadLeft -= skipped
        at += skipped
      } else {
        this.#header[this.#headerBytes] = chunk[at] as number
        this.#headerBytes += 1
        at += 1
        if (this.#headerBytes >= 2 && this.#headerBytes === this.#headerSize()) this.#startPayload()
      }
    }
  }

  #headerSize(): number {
    const second = this.#header[1] as number
    const length = second & LENGTH
    return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (second & MASKED ? 4 : 0)
  }

  #startPayload(): void {
    const [first = 0, second = 0] = this.#header
    const view = new DataView(this.#header.buffer)
    const length = second & LENGTH
    this.#headerBytes = 0
    this.#payloadLeft =
      length === 126 ? view.getUint16(2) : length === 127 ? Number(view.getBigUint64(2)) : length
    if (!(first & CONTROL)) this.#fragmented = !(first & FIN)
  }
}
