import { connect } from 'node:net'
import type { Load } from '../row.ts'

/** So many come at a time. */
const TOGETHER = 8

/** Clients that connect, send a line, read until the server closes, and are gone. */
export class VisitorLoad implements Load {
  readonly #port: number

  constructor(port: number) {
    this.#port = port
  }

  async run(units: number): Promise<void> {
    let left = units
    const visitor = async (): Promise<void> => {
      while (left > 0) {
        left -= 1
        await visit(this.#port)
      }
    }
    await Promise.all(Array.from({ length: TOGETHER }, visitor))
  }

  async close(): Promise<void> {}
}

function visit(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('hello\n'))
    socket.resume()
    socket.on('error', reject)
    socket.on('close', () => resolve())
  })
}
