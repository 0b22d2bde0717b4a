import type { Act, Observed, Scenario, Step } from '../scenario.ts'
import { endOf } from '../structure.ts'
import { CLOSED, efunOf, isAbout, isStatus, type Rule, returning } from './rule.ts'

/** The number that an event says a new socket got. */
function madeNumber(event: Observed): number | undefined {
  const efun = event.did ?? event.end
  const isMaking = efun === 'socket_create' || efun === 'socket_accept'
  return isMaking && typeof event.returned === 'number' && event.returned >= 0 ? event.returned : undefined
}

export const neverTwice: Rule = {
  name: 'never-the-same-number',
  reason:
    'A number is given to one socket and never to another, so that nothing that comes too late can reach a socket that it was not meant for. FluffOS gives the lowest free number, and can close a new socket instead of the old one with its number.',
  apply: (events, scenario) => renumbered(staleNumbers(survivors(events), scenario)),
}

/** A socket that was made in the close callback of the one whose number it got: FluffOS then closes it, too. */
function survivors(events: readonly Observed[]): readonly Observed[] {
  const alive = new Map<unknown, unknown>()
  let list = events
  for (const [at, callback] of events.entries()) {
    const [fd] = callback.args ?? []
    const end = endOf(events, at)
    const isReused = events.slice(at, end).some((event) => madeNumber(event) === fd)
    if (callback.callback === undefined || !isReused) continue
    for (const event of events.slice(at, end)) {
      if (event.did === 'socket_status' && isAbout(event, fd)) alive.set(fd, event.returned)
    }
    list = list.map((event, index) => {
      const isClosed = isStatus(event.returned) && event.returned[1] === 'CLOSED'
      const status = alive.get(fd)
      if (index <= end || event.did !== 'socket_status' || !isAbout(event, fd) || !isClosed || !status)
        return event
      return { ...event, returned: status }
    })
  }
  return list
}

/** What is done with a name that was saved before its number was given to another socket. */
function staleNumbers(events: readonly Observed[], { steps }: Scenario): readonly Observed[] {
  const saved = new Map<string, number>()
  const holder = new Map<number, number>()
  let made = 0
  return events.map((event, at) => {
    const act = ownAct(event, steps)
    const number = madeNumber(event)
    if (number !== undefined) {
      const name = act ? act.save_as : savedInCallback(events, at, steps)
      if (name !== undefined) saved.set(name, made)
      holder.set(number, made)
      made += 1
      return event
    }
    const meant = saved.get(nameIn(act))
    const [fd] = event.args ?? []
    if (meant === undefined || typeof fd !== 'number' || holder.get(fd) === meant) return event
    return closedOne(event, meant)
  })
}

/** What the step does that led to this event itself. */
function ownAct(event: Observed, steps: readonly Step[]): Act | undefined {
  const step = steps[event.step]
  return step && 'object' in step && step.do !== undefined && step.do === efunOf(event) ? step : undefined
}

/** The name that stands for the socket, without its dollar. */
function nameIn(act: Act | undefined): string {
  const [name] = act?.args ?? []
  return typeof name === 'string' && name.startsWith('$') ? name.slice(1) : ''
}

/** Under which name the number is saved that is made in a callback: the reaction that was set for it says so. */
function savedInCallback(
  events: readonly Observed[],
  at: number,
  steps: readonly Step[],
): string | undefined {
  const from = events.findLastIndex(({ callback }, index) => index < at && callback !== undefined)
  const { who, callback, step = 0 } = events[from] ?? {}
  const method = `${String(who).slice(1)}.${String(callback)}`
  const set = steps.findLast((other, index) => index < step && 'when' in other && other.when === method)
  const run = set && 'when' in set ? set.run : []
  const acts = 'per_call' in run ? run.per_call.flat() : run
  return acts.find((act) => act.do === efunOf(events[at] as Observed))?.save_as
}

function closedOne(event: Observed, meant: number): Observed {
  // Sockets are told apart by the order in which they were made, see `named` in compare.ts.
  const stale = { ...event, args: [`#${meant}`, ...(event.args ?? []).slice(1)] }
  if (event.did === 'socket_status') return { ...stale, returned: CLOSED }
  if (event.did === 'socket_address') return { ...stale, returned: '0.0.0.0 0' }
  return typeof event.returned === 'number' ? returning(stale, -6, 'EEBADF') : stale
}

/** The numbers that sockets have here, where the recorded driver gave one of its numbers twice: one after the other. */
function renumbered(events: readonly Observed[]): readonly Observed[] {
  const given = events.flatMap((event) => madeNumber(event) ?? [])
  if (new Set(given).size === given.length) return events
  const numbers = new Map<unknown, number>()
  let made = 0
  const numberOf = (number: unknown): unknown => numbers.get(number) ?? number
  return events.map((event) => {
    const [first, ...rest] = event.args ?? []
    const isNumber = event.callback !== undefined || /^socket_(?!create|error)/.test(efunOf(event) ?? '')
    const args = event.args && isNumber ? { args: [numberOf(first), ...rest] } : {}
    const number = madeNumber(event)
    if (number === undefined) return { ...event, ...args }
    numbers.set(number, made)
    made += 1
    return { ...event, ...args, returned: made - 1 }
  })
}
