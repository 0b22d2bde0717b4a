import { createInflate, type Inflate } from 'node:zlib'
import { CR, IAC, MCCP2, NUL, SB, WILL } from './telnet-bytes.ts'

const NOTHING = new Uint8Array(0)

/** Reads what a telnet server sends, plain or compressed: gives on the data, and passes over commands. */
export class TelnetReader {
  readonly #data: (bytes: Uint8Array) => void
  readonly #broken: () => void
  #inflate: Inflate | undefined
  /** Decompressing takes turns, and everything behind it waits. */
  #done: Promise<void> = Promise.resolve()
  #place: 'data' | 'command' | 'option' | 'body' | 'command in body' = 'data'
  #body: number[] = []
  #afterCr = false

  /** `broken` is called for what is not compressed where it should be. */
  constructor(data: (bytes: Uint8Array) => void, broken: () => void) {
    this.#data = data
    this.#broken = broken
  }

  push(chunk: Uint8Array): void {
    this.#next(() => this.#take(chunk))
  }

  /** Calls back when everything that came has been read. */
  whenRead(callback: () => void): void {
    this.#next(async () => callback())
  }

  close(): void {
    this.#inflate?.close()
  }

  #next(task: () => Promise<void>): void {
    this.#done = this.#done.then(task)
  }

  async #take(chunk: Uint8Array): Promise<void> {
    let rest = chunk
    while (rest.length > 0) {
      rest = this.#inflate ? await this.#decompress(this.#inflate, rest) : this.#parse(rest)
    }
  }

  /** Resolves with what stands behind the end of the compressed stream. */
  #decompress(inflate: Inflate, chunk: Uint8Array): Promise<Uint8Array> {
    const before = inflate.bytesWritten
    return new Promise((resolve) => {
      const ended = (): void => {
        this.#inflate = undefined
        inflate.close()
        resolve(chunk.subarray(inflate.bytesWritten - before))
      }
      const broke = (): void => {
        this.#broken()
        resolve(NOTHING)
      }
      inflate.once('end', ended)
      inflate.once('error', broke)
      inflate.write(chunk, () => {
        inflate.off('end', ended)
        inflate.off('error', broke)
        resolve(NOTHING)
      })
    })
  }

  /** Returns what stands behind the place from which on everything is compressed. */
  #parse(bytes: Uint8Array): Uint8Array {
    const data = Buffer.allocUnsafe(bytes.length)
    let end = 0
    let at = 0
    let begins = false
    while (at < bytes.length && !begins) {
      const byte = bytes[at++] as number
      if (this.#place === 'data' && byte !== IAC) {
        if (byte !== NUL || !this.#afterCr) data[end++] = byte
        this.#afterCr = byte === CR
      } else if (this.#place === 'command' && byte === IAC) {
        data[end++] = byte
        this.#afterCr = false
        this.#place = 'data'
      } else begins = this.#command(byte)
    }
    if (end > 0) this.#data(data.subarray(0, end))
    if (begins) this.#inflate = createInflate().on('data', (part) => void this.#parse(part))
    return bytes.subarray(at)
  }

  /** A byte that is no data. True: it was the last one before the compressed stream. */
  #command(byte: number): boolean {
    switch (this.#place) {
      case 'data':
        this.#place = 'command'
        break
      case 'command':
        this.#body = []
        this.#place = byte === SB ? 'body' : byte >= WILL ? 'option' : 'data'
        break
      case 'option':
        this.#place = 'data'
        break
      case 'body':
        if (byte === IAC) this.#place = 'command in body'
        else this.#body.push(byte)
        break
      case 'command in body':
        this.#place = byte === IAC ? 'body' : 'data'
        if (byte === IAC) this.#body.push(byte)
        else return this.#body.length === 1 && this.#body[0] === MCCP2
    }
    return false
  }
}
