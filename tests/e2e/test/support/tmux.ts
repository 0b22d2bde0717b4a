import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { onTestFinished } from 'vitest'

/** So long may a program take to show something. */
const PATIENCE_MS = 20_000

/** A program in a window of its own, with the test at its keyboard. */
export class Window {
  readonly #socket: string
  /** tmux tells it of everything that is shown. */
  readonly #watcher: ChildProcessByStdio<Writable, Readable, null>
  readonly #attached: Promise<unknown>
  readonly #name: string
  /** What tmux has told, latin1. */
  #told = ''

  /** Opens 80 by 24 characters; `command` is a shell's. */
  constructor(name: string, command: string) {
    const folder = mkdtempSync(join(tmpdir(), 'mudwire-tmux-'))
    this.#name = name
    this.#socket = join(folder, 'tmux')
    const settings = ['default-terminal xterm-256color', 'remain-on-exit on', 'status off']
    const environment = {
      ...process.env,
      HOME: folder,
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      TERM: 'xterm-256color',
    }
    const before = settings.flatMap((setting) => ['set', '-g', ...setting.split(' '), ';'])
    const start = [
      'new-session',
      '-d',
      '-x',
      '80',
      '-y',
      '24',
      command,
      ';',
      'set',
      '-g',
      'window-size',
      'manual',
    ]
    execFileSync('tmux', ['-S', this.#socket, '-f', '/dev/null', ...before, ...start], { env: environment })
    this.#watcher = spawn('tmux', ['-S', this.#socket, '-C', 'attach'], { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#watcher.stdout.setEncoding('latin1').on('data', (told: string) => {
      this.#told += told
    })
    this.#attached = once(this.#watcher.stdout, 'data')
    // It does not outlive the tests, even if they are killed.
    this.#watcher.stdin.write('set -g exit-unattached on\n')
    onTestFinished(() => {
      this.#tmux('kill-server')
      rmSync(folder, { recursive: true, force: true })
    })
  }

  /** What is seen now, lines without the spaces at their ends. */
  get text(): string {
    return this.#tmux('capture-pane', '-p')
  }

  /** Everything that was ever seen since the first `shows`, also what was gone at once, without colours and movements. */
  get history(): string {
    const output = [...this.#told.matchAll(/^%output %\d+ (.*?)\r?$/gm)]
      .map(([, bytes = '']) => bytes)
      .join('')
    const bytes = output.replace(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    )
    return stripVTControlCharacters(Buffer.from(bytes, 'latin1').toString())
  }

  /** Types a line. */
  type(line: string): void {
    if (line !== '') this.#tmux('send-keys', '-l', line)
    this.#tmux('send-keys', 'Enter')
  }

  /** Presses keys, by the names that tmux has for them. */
  press(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys)
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', `${columns}`, '-y', `${rows}`)
  }

  /** Waits until something is seen. */
  async shows(what: string | RegExp): Promise<void> {
    await this.#attached
    await this.#until(() => this.text, what)
  }

  /** Waits until something has been seen, though it may be gone. */
  async hasShown(what: string | RegExp): Promise<void> {
    await this.#until(() => this.history, what)
  }

  async #until(seen: () => string, what: string | RegExp): Promise<void> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    while (!(typeof what === 'string' ? seen().includes(what) : what.test(seen()))) {
      await once(this.#watcher.stdout, 'data', { signal }).catch(() => {
        throw new Error(`${this.#name} never showed ${String(what)}, but:\n${seen()}`)
      })
    }
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-S', this.#socket, ...args], { encoding: 'utf8' })
  }
}
