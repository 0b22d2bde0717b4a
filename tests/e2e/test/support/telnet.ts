import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { onTestFinished } from 'vitest'

/** Debian's telnet program, with the test at its keyboard. */
export class Telnet {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  #text = ''

  constructor(program: string, port: number) {
    this.#child = spawn(program, ['127.0.0.1', `${port}`], { stdio: 'pipe' })
    this.#child.stdout.on('data', (chunk) => {
      this.#text += chunk
    })
    onTestFinished(() => void this.#child.kill('SIGKILL'))
  }

  /** What it has shown, without colours. */
  get text(): string {
    return stripVTControlCharacters(this.#text)
  }

  type(line: string): void {
    this.#child.stdin.write(`${line}\n`)
  }

  /** Comes into the world as somebody who wants no account. */
  async enter(name: string): Promise<void> {
    this.type(name)
    await this.shows('play without one:')
    this.type('')
    await this.shows(`Welcome, ${name}.`)
  }

  /** Waits until it has shown something. */
  async shows(what: string | RegExp): Promise<void> {
    const signal = AbortSignal.timeout(20_000)
    while (!(typeof what === 'string' ? this.text.includes(what) : what.test(this.text))) {
      await once(this.#child.stdout, 'data', { signal }).catch(() => {
        throw new Error(`telnet never showed ${String(what)}, but:\n${this.text}`)
      })
    }
  }

  async ends(): Promise<void> {
    if (this.#child.exitCode === null) await once(this.#child, 'exit')
  }

  /** As when somebody closes the window. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
