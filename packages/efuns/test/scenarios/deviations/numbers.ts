import type { Observed, Scenario } from '../scenario.ts'
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
  apply: (events, scenario) => staleNumbers(survivors(events), scenario),
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
  return events.map((event) => {
    const step = steps[event.step]
    const act = step && 'object' in step && step.do !== undefined ? step : undefined
    const number = madeNumber(event)
    if (number !== undefined) {
      holder.set(number, made)
      if (act?.save_as !== undefined && act.do === efunOf(event)) saved.set(act.save_as, made)
      made += 1
      return event
    }
    const [name] = act?.args ?? []
    if (act === undefined || act.do !== efunOf(event) || typeof name !== 'string') return event
    const meant = saved.get(name.slice(1))
    const [fd] = event.args ?? []
    if (!name.startsWith('$') || meant === undefined || typeof fd !== 'number') return event
    return holder.get(fd) === meant ? event : closedOne(event, meant)
  })
}

function closedOne(event: Observed, meant: number): Observed {
  // Sockets are told apart by the order in which they were made, see `named` in compare.ts.
  const stale = { ...event, args: [`#${meant}`, ...(event.args ?? []).slice(1)] }
  if (event.did === 'socket_status') return { ...stale, returned: CLOSED }
  if (event.did === 'socket_address') return { ...stale, returned: '0.0.0.0 0' }
  return typeof event.returned === 'number' ? returning(stale, -6, 'EEBADF') : stale
}
