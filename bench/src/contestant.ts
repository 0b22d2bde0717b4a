import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { pinned } from './pinning.ts'
import type { Answer, Request } from './side.ts'

const PROGRAM = fileURLToPath(new URL('./side-process.js', import.meta.url))

/** A side that is running, in its own process on its own core. */
export class Contestant {
  readonly name: string
  readonly port: number
  readonly #child: ChildProcess

  private constructor(name: string, child: ChildProcess, port: number) {
    this.name = name
    this.#child = child
    this.port = port
  }

  static async start(row: string, side: string): Promise<Contestant> {
    const [program, args] = pinned([process.execPath, '--expose-gc', PROGRAM, row, side])
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const { port } = await answerOf(child)
    return new Contestant(side, child, port)
  }

  async ask(request: Request): Promise<Answer> {
    const answer = answerOf(this.#child)
    this.#child.send(request)
    return answer
  }

  /** CPU time that the process has used so far, in microseconds. */
  async cpu(): Promise<number> {
    return (await this.ask({ do: 'usage' })).cpu
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.disconnect()
    await exited
  }
}

async function answerOf(child: ChildProcess): Promise<Answer> {
  const stop = new AbortController()
  const died = once(child, 'exit', { signal: stop.signal }).then(
    ([code]) => Promise.reject(new Error(`The process of a side ended with ${code}.`)),
    () => new Promise<never>(() => {}),
  )
  const answered = once(child, 'message', { signal: stop.signal }) as Promise<[Answer]>
  try {
    const [answer] = await Promise.race([answered, died])
    return answer
  } finally {
    stop.abort()
    answered.catch(() => {})
  }
}
