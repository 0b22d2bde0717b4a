import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Load } from '../row.ts'
import { hear } from './hear.ts'

const NEWLINE = 0x0a
const EMPTY_LINE = Buffer.from('\r\n\r\n')

export interface RequestLoadOptions {
  readonly connections: number
  /** Sent at once, and again as soon as the answer is there. */
  readonly request: Buffer
  /** How many units of work a request is; the answer has as many lines for each as `linesPerUnit` says. */
  readonly unitsPerRequest: number
  readonly linesPerUnit?: number
  /** Sent first; its answer ends with an empty line. */
  readonly greeting?: string
  /** The answer is the request again, which is looked at once on each connection. */
  readonly isEcho?: boolean
}

/** Connections that each have one request under way at a time. An answer is known by its line ends. */
export class RequestLoad implements Load {
  readonly #sockets: readonly Socket[]
  readonly #options: RequestLoadOptions
  /** Requests that are still to be sent, and answers that are still to come. */
  #unsent = 0
  #unanswered = 0
  #done: () => void = () => {}

  private constructor(sockets: readonly Socket[], options: RequestLoadOptions) {
    this.#sockets = sockets
    this.#options = options
    for (const socket of sockets) this.#serve(socket)
  }

  static async open(port: number, options: RequestLoadOptions): Promise<RequestLoad> {
    const sockets: Socket[] = []
    while (sockets.length < options.connections) {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      await once(socket, 'connect')
      if (options.greeting) await greet(socket, options.greeting)
      if (options.isEcho) await tryEcho(socket, options.request)
      sockets.push(socket)
    }
    return new RequestLoad(sockets, options)
  }

  run(units: number): Promise<void> {
    this.#unsent = Math.ceil(units / this.#options.unitsPerRequest)
    this.#unanswered = this.#unsent
    return new Promise((resolve) => {
      this.#done = resolve
      for (const socket of this.#sockets) this.#send(socket)
    })
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
  }

  #send(socket: Socket): void {
    if (this.#unsent === 0) return
    this.#unsent -= 1
    socket.write(this.#options.request)
  }

  #serve(socket: Socket): void {
    const { unitsPerRequest, linesPerUnit = 1 } = this.#options
    let missing = unitsPerRequest * linesPerUnit
    socket.on('data', (chunk) => {
      missing -= countNewlines(chunk)
      if (missing > 0) return
      missing = unitsPerRequest * linesPerUnit
      this.#unanswered -= 1
      if (this.#unanswered === 0) this.#done()
      else this.#send(socket)
    })
  }
}

function countNewlines(chunk: Buffer): number {
  let count = 0
  for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) count += 1
  return count
}

async function greet(socket: Socket, greeting: string): Promise<void> {
  socket.write(greeting)
  await hear(socket, (heard) => heard.subarray(-EMPTY_LINE.length).equals(EMPTY_LINE))
}

/** What the server says before (telnet does) is not looked at, nor answered. */
async function tryEcho(socket: Socket, request: Buffer): Promise<void> {
  socket.write(request)
  const newlines = countNewlines(request)
  const heard = await hear(socket, (bytes) => countNewlines(bytes) >= newlines)
  if (!heard.subarray(-request.length).equals(request))
    throw new Error('What came back is not what was sent.')
}
