const FIRST_SIZE = 64

/** Bytes that come one by one. Its memory grows by doubling. */
export class ByteBuffer {
  #memory = new Uint8Array(FIRST_SIZE)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** The byte that came last. */
  get last(): number | undefined {
    return this.#length === 0 ? undefined : this.#memory[this.#length - 1]
  }

  /** All of them, in the memory that they are kept in. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length)
  }

  push(byte: number): void {
    if (this.#length === this.#memory.length) {
      const larger = new Uint8Array(this.#length * 2)
      larger.set(this.#memory)
      this.#memory = larger
    }
    this.#memory[this.#length++] = byte
  }

  pop(): void {
    if (this.#length > 0) this.#length -= 1
  }

  clear(): void {
    this.#length = 0
  }
}
