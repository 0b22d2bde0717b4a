import { createServer } from 'node:net'

/** The ports of one run: those that a scenario leaves open, and those of its peers. */
export class Places {
  readonly #byToken = new Map<string, number>()

  /** Finds two free ports. */
  static async find(): Promise<Places> {
    const places = new Places()
    places.set('<port>', await freePort())
    places.set('<port2>', await freePort())
    return places
  }

  set(token: string, port: number): void {
    this.#byToken.set(token, port)
  }

  get(token: string): number {
    const port = this.#byToken.get(token)
    if (port === undefined) throw new Error(`Nobody knows yet which number ${token} is.`)
    return port
  }

  /** Puts the numbers in the place of what stands for them. */
  resolve(text: string): string {
    return text.replace(/<(?:port2?|peer:\w+)>/g, (token) => String(this.#byToken.get(token) ?? token))
  }
}

/** Below the ports that the system gives to who asks for none in particular. */
const FIRST = 12_000
const LAST = 31_000
let next = FIRST + Math.floor(Math.random() * (LAST - FIRST))

async function freePort(): Promise<number> {
  for (;;) {
    next = next >= LAST ? FIRST : next + 1
    const port = next
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
