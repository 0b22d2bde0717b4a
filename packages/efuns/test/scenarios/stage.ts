import { createDriver, type Driver, type HandlerError } from '@mudwire/core'
import { createSocketEfuns, type SocketEfuns } from '../../src/index.ts'
import { Actor, Thrown } from './actor.ts'
import { Log } from './log.ts'
import type { Places } from './places.ts'
import type { Observed } from './scenario.ts'
import { shown } from './values.ts'

export { type Actor, isActor } from './actor.ts'

/** Where a scenario is played: a driver with efuns, the objects, and what they have saved. */
export class Stage {
  readonly log: Log = new Log()
  readonly driver: Driver
  readonly efuns: SocketEfuns
  readonly places: Places
  /** What the recording shows of the step that is being done. */
  recorded: readonly Observed[] = []
  /** A descriptor that is closed: the recorded driver had been used before, and so has ours. */
  readonly closed: number
  /** Our numbers for those of the recorded driver, as far as they have been given. */
  readonly numbers: Map<number, number> = new Map()
  readonly #created: number[]
  readonly #actors = new Map<string, Actor>()
  readonly #saved = new Map<string, unknown>()
  readonly #arguments: (readonly unknown[])[] = []
  /** How many callbacks are not over yet. */
  unfinished = 0
  readonly #timers: NodeJS.Timeout[] = []
  #denies = false
  #watched: unknown[] | undefined

  /** `created`: the numbers that the recorded driver gave, in their order. */
  constructor(places: Places, created: readonly number[]) {
    this.places = places
    this.#created = [...created]
    this.driver = createDriver({ onError: (event) => this.#caught(event) })
    this.efuns = createSocketEfuns(this.driver, {
      validSocket: (caller, operation, info) => {
        this.#watched?.push([operation, ...info.map(shown)])
        return !this.#denies || !(caller instanceof Actor)
      },
    })
    const io = this.efuns.as({})
    this.closed = io.socket_create(1, () => {})
    io.socket_close(this.closed)
  }

  makeActor(name: string): void {
    this.#actors.set(name, new Actor(this, name))
  }

  actor(name: string): Actor {
    const actor = this.#actors.get(name)
    if (!actor) throw new Error(`There is no object '${name}' in this scenario.`)
    return actor
  }

  /** `$fd`, `$msg` and `$from` are the arguments of the callback that is running; others were saved. */
  valueNamed(name: string): unknown {
    const index = ['fd', 'msg', 'from'].indexOf(name)
    return index >= 0 && this.#arguments.length > 0
      ? this.#arguments.at(-1)?.[index]
      : (this.#saved.get(name) ?? 0)
  }

  save(name: string | undefined, value: unknown): void {
    if (name !== undefined) this.#saved.set(name, value)
  }

  /** Runs what a callback does, whose arguments these are. */
  within<Result>(args: readonly unknown[], run: () => Result): Result {
    this.#arguments.push(args)
    try {
      return run()
    } finally {
      this.#arguments.pop()
    }
  }

  functionOf(maker: Actor, name: string): (...args: unknown[]) => unknown {
    return (...args) => maker.callFunction(name, args)
  }

  place(token: string): number {
    return this.places.get(token)
  }

  /** A descriptor that was made; the recorded driver gave another number. */
  made(number: number): void {
    const recorded = this.#created.shift()
    if (recorded !== undefined) this.numbers.set(recorded, number)
  }

  /** A callback that is not over yet, because something in it takes time here. */
  pending(callback: Promise<void>): Promise<void> {
    this.unfinished += 1
    return callback.finally(() => {
      this.unfinished -= 1
    })
  }

  /** Does something after some seconds; what it raises is an error like one in a callback. */
  later(seconds: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.driver.owner('later').run('later', act)
      this.log.leaveTo(0)
    }, seconds * 1_000)
    this.#timers.push(timer)
  }

  deny(denies: boolean): void {
    this.#denies = denies
  }

  watch(watches: boolean): void {
    this.#watched = watches ? [] : undefined
  }

  get watched(): readonly unknown[] {
    return this.#watched ?? []
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    await this.driver.close({ deadlineMs: 1 })
  }

  #caught({ error }: HandlerError): void {
    const who = error instanceof Thrown ? error.who : undefined
    this.log.add({ who: shown(who), uncaught_error: error instanceof Error ? error.message : String(error) })
  }
}
