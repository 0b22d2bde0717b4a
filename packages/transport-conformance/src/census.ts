import { createHook } from 'node:async_hooks'
import type { EventEmitter } from 'node:events'

/** What keeps a process busy, or its memory: by name, how many. */
export type Census = ReadonlyMap<string, number>

/**
 * Counts what a transport may leave behind: handles, timers (those too that do not keep the process alive), and
 * listeners on what outlives a link.
 */
class Counter {
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

/** Counts for as long as `act` takes. */
export async function counting(
  emitters: readonly EventEmitter[],
  act: (counter: Counter) => Promise<void>,
): Promise<void> {
  const counter = new Counter(emitters)
  try {
    await act(counter)
  } finally {
    counter.close()
  }
}

/** Waits until there is no more than before: handles are gone some turns after they are closed. */
export async function noneLeft(
  scene: { eventually(what: string, holds: () => boolean): Promise<void> },
  what: string,
  before: Census,
  counter: Counter,
): Promise<void> {
  const left = (): readonly string[] => leftovers(before, counter.count())
  await scene
    .eventually(`nothing to be left ${what}`, () => left().length === 0)
    .catch(() => {
      throw new Error(`Left ${what}: ${left().join(', ')}.`)
    })
}

/** What there is more of than before, in words; empty when nothing was left behind. */
function leftovers(before: Census, after: Census): readonly string[] {
  return [...after].flatMap(([what, many]) => {
    const more = many - (before.get(what) ?? 0)
    return more > 0 ? [`${more} × ${what}`] : []
  })
}
