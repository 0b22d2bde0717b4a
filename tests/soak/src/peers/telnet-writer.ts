import type { Socket } from 'node:net'
import { constants, createDeflate, type Deflate } from 'node:zlib'
import { CR, IAC, LF, MCCP3, NUL, SB, SE } from './telnet-bytes.ts'

/** Sends data and commands to a telnet server, plain or compressed. */
export class TelnetWriter {
  readonly #socket: Socket
  #deflate: Deflate | undefined
  /** Compressing takes turns, and everything behind it waits. */
  #done: Promise<void> = Promise.resolve()
  #pending = 0
  #afterCr = false

  constructor(socket: Socket) {
    this.#socket = socket
  }

  get unsent(): number {
    return this.#pending + this.#socket.writableLength
  }

  /** Data without a 255. A CR that stands alone is followed by a NUL, which is no data. */
  data(bytes: Uint8Array): void {
    const encoded: number[] = []
    for (const byte of bytes) {
      if (this.#afterCr && byte !== LF) encoded.push(NUL)
      encoded.push(byte)
      this.#afterCr = byte === CR
    }
    this.send(Uint8Array.from(encoded))
  }

  /** Bytes as they are. */
  send(bytes: Uint8Array): void {
    this.#pending += bytes.length
    this.#next((done) => {
      const sent = (): void => {
        this.#pending -= bytes.length
        done()
      }
      if (this.#deflate) this.#deflate.write(bytes, sent)
      else {
        this.#socket.write(bytes)
        sent()
      }
    })
  }

  /** Everything behind it is compressed. */
  compress(): void {
    this.send(Uint8Array.of(IAC, SB, MCCP3, IAC, SE))
    this.#next((done) => {
      this.#deflate = createDeflate({ flush: constants.Z_SYNC_FLUSH })
      this.#deflate.on('data', (part) => this.#socket.write(part))
      done()
    })
  }

  /** Nothing behind it is. */
  stopCompressing(): void {
    this.#next((done) => {
      const deflate = this.#deflate
      this.#deflate = undefined
      if (!deflate) done()
      else deflate.once('end', done).end()
    })
  }

  end(): void {
    this.#next((done) => {
      this.#socket.end()
      done()
    })
  }

  close(): void {
    this.#deflate?.close()
  }

  #next(task: (done: () => void) => void): void {
    this.#done = this.#done.then(() => new Promise((resolve) => task(resolve)))
  }
}
