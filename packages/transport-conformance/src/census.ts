import { createHook } from 'node:async_hooks'
import type { EventEmitter } from 'node:events'

/** What keeps a process busy, or its memory: by name, how many. */
export type Census = ReadonlyMap<string, number>

/**
 * Counts what a transport may leave behind: handles, timers (those too that do not keep the process alive), and
 * listeners on what outlives a link.
 */
export class Counter {
  readonly #emitters: readonly EventEmitter[]
  readonly #timers = new Set<number>()
  readonly #hook = createHook({
    init: (id, type) => {
      if (type === 'Timeout') this.#timers.add(id)
    },
    destroy: (id) => {
      this.#timers.delete(id)
    },
  })

  constructor(emitters: readonly EventEmitter[]) {
    this.#emitters = [process, ...emitters]
    this.#hook.enable()
  }

  count(): Census {
    const census = new Map<string, number>()
    const add = (what: string, many: number): void => {
      census.set(what, (census.get(what) ?? 0) + many)
    }
    for (const resource of process.getActiveResourcesInfo()) {
      // Timers are counted by themselves, and what runs on the next turn is no leftover.
      if (resource !== 'Timeout' && resource !== 'Immediate') add(resource, 1)
    }
    add('Timeout', this.#timers.size)
    for (const emitter of this.#emitters) {
      for (const event of emitter.eventNames()) {
        add(`listener of '${String(event)}'`, emitter.listenerCount(event))
      }
    }
    return census
  }

  close(): void {
    this.#hook.disable()
  }
}

/** What there is more of than before, in words; empty when nothing was left behind. */
export function leftovers(before: Census, after: Census): readonly string[] {
  return [...after].flatMap(([what, many]) => {
    const more = many - (before.get(what) ?? 0)
    return more > 0 ? [`${more} × ${what}`] : []
  })
}
