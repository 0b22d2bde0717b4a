import type { Efuns } from '../../src/index.ts'
import { perform } from './perform.ts'
import type { Act, Reaction } from './scenario.ts'
import type { Stage } from './stage.ts'
import { shown } from './values.ts'

/** An error that a scenario raises, and who raised it. */
export class Thrown extends Error {
  readonly who: Actor | undefined

  constructor(who: Actor | undefined, message: string) {
    super(message)
    this.who = who
  }
}

/** Thrown to leave a callback whose object has destructed itself: LPC stops there without an error. */
export class Destructed extends Error {}

/** An object of a scenario: its methods write down that they were called, and do what has been set for them. */
export class Actor {
  readonly name: string
  readonly io: Efuns
  isDestructed = false
  readonly #stage: Stage
  readonly #reactions = new Map<string, Reaction>()
  readonly #calls = new Map<string, number>()

  constructor(stage: Stage, name: string) {
    this.#stage = stage
    this.name = name
    this.io = stage.efuns.as(this)
  }

  /** As the recordings name it. */
  get shown(): string {
    return `@${this.name}`
  }

  /** As the recordings name who does something. */
  get who(): string {
    return this.isDestructed ? `${this.shown} (already destroyed)` : this.shown
  }

  when(method: string, reaction: Reaction): void {
    this.#reactions.set(method, reaction)
    this.#calls.delete(method)
  }

  /** One of its methods is called. */
  call(method: string, args: readonly unknown[]): unknown {
    return this.#called(method, [method], args)
  }

  /** A function that it has made is called: it acts as its maker, if that is still there. */
  callFunction(name: string, args: readonly unknown[]): unknown {
    if (this.isDestructed) {
      throw new Thrown(undefined, `*Owner (${this.name}) of function pointer is destructed.`)
    }
    return this.#called(`fp:${name}`, [`fp:${name}`, name, `&${name}`, `~${name}`], args)
  }

  #called(shownName: string, names: readonly string[], args: readonly unknown[]): unknown {
    const { log } = this.#stage
    const { depth } = log
    const end = log.callback(
      { who: this.shown, callback: shownName, args: args.map(shown) },
      { who: this.shown, callback_end: shownName },
    )
    try {
      const result = this.#stage.within(args, () => this.#run(this.#reactionTo(names)))
      if (!(result instanceof Promise)) {
        end()
        return undefined
      }
      return this.#stage.pending(result.then(() => end()))
    } catch (error) {
      log.leaveTo(depth)
      if (error instanceof Destructed) return undefined
      throw error
    }
  }

  #reactionTo(names: readonly string[]): readonly Act[] {
    for (const name of names) {
      const reaction = this.#reactions.get(name)
      if (!reaction) continue
      if (!('per_call' in reaction)) return reaction
      const calls = this.#calls.get(name) ?? 0
      this.#calls.set(name, calls + 1)
      return reaction.per_call[calls] ?? []
    }
    return []
  }

  /** One after the other; waits where an efun of ours does that answers at once in MudOS. */
  #run(acts: readonly Act[]): void | Promise<void> {
    for (const [index, act] of acts.entries()) {
      const result = perform(this.#stage, this, act)
      if (result instanceof Promise) return result.then(() => this.#run(acts.slice(index + 1)))
    }
  }
}

export function isActor(value: unknown): value is Actor {
  return value instanceof Actor
}

/** LPC's private methods are those that begin with an underscore here. */
export const PRIVATE = 'on_private'

const METHODS = [
  'on_read',
  'on_read2',
  'on_write',
  'on_write2',
  'on_close',
  'on_close2',
  'on_listen',
  'on_release',
  'on_release2',
  'on_protected',
]

for (const name of [...METHODS, PRIVATE]) {
  Object.defineProperty(Actor.prototype, name === PRIVATE ? `_${PRIVATE}` : name, {
    value(this: Actor, ...args: unknown[]) {
      return this.call(name, args)
    },
  })
}
