import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { transcript } from './transcript.ts'

export type Side = 'client' | 'server'

/** Stands between a client and the server, remembers what each of them sends, and cuts the client's stream where a test says so. */
export class Relay {
  readonly port: number
  readonly #sent: Record<Side, Buffer> = { client: Buffer.alloc(0), server: Buffer.alloc(0) }
  readonly #waiting = new Set<() => void>()
  #server: Socket | undefined
  /** What the client has sent and the server has not been given; absent while everything goes through. */
  #held: Buffer | undefined

  private constructor(port: number) {
    this.port = port
  }

  /** Listens for one client of a server. */
  static async before(serverPort: number): Promise<Relay> {
    const listener = createServer({ noDelay: true })
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const relay = new Relay((listener.address() as AddressInfo).port)
    listener.once('connection', (client) => relay.#join(client, connect(serverPort, '127.0.0.1')))
    onTestFinished(() => void listener.close())
    return relay
  }

  /** Everything that a side has sent. */
  sent(side: Side): Buffer {
    return this.#sent[side]
  }

  /** What the client sends from now on is kept back. */
  hold(): void {
    this.#held = Buffer.alloc(0)
  }

  /** What is kept back. */
  get held(): Buffer {
    return this.#held ?? Buffer.alloc(0)
  }

  /** Gives the server so many bytes of what is kept back, in one piece; without a number all of it, and what follows. */
  pass(bytes?: number): void {
    const held = this.held
    const end = bytes ?? held.length
    this.#server?.write(held.subarray(0, end))
    this.#held = bytes === undefined ? undefined : held.subarray(end)
  }

  /** The same in words. */
  transcript(side: Side): readonly string[] {
    return transcript(side, this.#sent[side])
  }

  /** Waits until a side has said something, so many times. */
  async says(side: Side, what: RegExp, times = 1): Promise<void> {
    const deadline = AbortSignal.timeout(20_000)
    while (this.transcript(side).filter((line) => what.test(line)).length < times) {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.add(resolve)
        deadline.onabort = () => {
          const said = this.transcript(side).join('\n')
          reject(new Error(`The ${side} never said ${String(what)} ${times} times, but:\n${said}`))
        }
      })
    }
  }

  #join(client: Socket, server: Socket): void {
    this.#server = server.setNoDelay()
    onTestFinished(() => {
      client.destroy()
      server.destroy()
    })
    client.on('data', (bytes) => {
      this.#remember('client', bytes)
      if (this.#held) this.#held = Buffer.concat([this.#held, bytes])
      else server.write(bytes)
    })
    server.on('data', (bytes) => {
      this.#remember('server', bytes)
      client.write(bytes)
    })
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('end', () => other.end())
      one.on('error', () => other.destroy())
    }
  }

  #remember(side: Side, bytes: Buffer): void {
    this.#sent[side] = Buffer.concat([this.#sent[side], bytes])
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}
