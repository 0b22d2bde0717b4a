import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { Relay } from './relay.ts'

/** Debian's ncat: it sends exactly the bytes that it is given, and shows exactly those that come. */
export class Ncat {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  #received: Buffer = Buffer.alloc(0)

  constructor(program: string, port: number, ...options: readonly string[]) {
    this.#child = spawn(program, [...options, '127.0.0.1', `${port}`], { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
    })
    onTestFinished(() => void this.#child.kill('SIGKILL'))
  }

  /** A text is sent byte for character. */
  send(...pieces: readonly (string | readonly number[])[]): void {
    for (const piece of pieces) {
      this.#child.stdin.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : Buffer.from(piece))
    }
  }

  /** Waits until these bytes have come, given as characters. */
  async receives(what: string): Promise<void> {
    const signal = AbortSignal.timeout(20_000)
    while (!this.#received.includes(Buffer.from(what, 'latin1'))) {
      await once(this.#child.stdout, 'data', { signal }).catch(() => {
        throw new Error(
          `ncat never received ${what}, but:\n${JSON.stringify(this.#received.toString('latin1'))}`,
        )
      })
    }
  }
}

/** Comes into the world by ncat, behind a relay, as somebody who wants no account. */
export async function enterByNcat(
  program: string,
  serverPort: number,
  name: string,
): Promise<{ readonly client: Ncat; readonly relay: Relay }> {
  const relay = await Relay.before(serverPort)
  const client = new Ncat(program, relay.port)
  await client.receives('What is your name?')
  client.send(`${name}\n`)
  await client.receives('play without one:')
  client.send('\n')
  await client.receives('Welcome, ')
  return { client, relay }
}
