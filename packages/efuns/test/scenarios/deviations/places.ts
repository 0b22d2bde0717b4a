import type { Observed, Scenario, Step } from '../scenario.ts'
import { endOf } from '../structure.ts'
import { isAbout, isStatus, type Rule, returning } from './rule.ts'

/** The port of an `ip port`, or of what stands where a port stands. */
function portOf(written: unknown): number {
  return Number(typeof written === 'string' ? written.split(' ').at(-1) : written)
}

export const portsArePorts: Rule = {
  name: 'ports-are-ports',
  reason:
    'A port is 0 to 65535, and any other is EEBADADDR. FluffOS takes it modulo 65536: port 70000 is 4464.',
  apply(events) {
    const unopened = new Set<unknown>()
    return events.flatMap((event) => {
      const [fd] = event.args ?? []
      if (isOutOfRange(event)) {
        if (event.did !== 'socket_write') unopened.add(fd)
        return [returning(event, -21, 'EEBADADDR')]
      }
      if (!unopened.has(fd)) return [event]
      if (event.did === 'socket_close' || (event.did === 'socket_bind' && event.returned === 1))
        unopened.delete(fd)
      return event.callback === undefined ? [asUnbound(event)] : []
    })
  },
}

/** Was it done with a port that there is not? */
function isOutOfRange({ did, args = [], returned }: Observed): boolean {
  const [, second, third] = args
  const place = did === 'socket_bind' ? (third ?? second) : did === 'socket_connect' ? second : third
  const names = did === 'socket_bind' || did === 'socket_connect' || did === 'socket_write'
  return names && returned === 1 && place !== undefined && portOf(place) > 65_535
}

/** What would have been said of the socket if the bind had failed. */
function asUnbound(event: Observed): Observed {
  if (event.did === 'socket_address') return { ...event, returned: '0.0.0.0 0' }
  if (event.did === 'socket_listen' && event.returned !== -6) return returning(event, -13, 'EENOADDR')
  if (event.did !== 'socket_status' || !isStatus(event.returned) || event.returned[1] === 'CLOSED')
    return event
  const [number, , mode, , , owner] = event.returned
  return { ...event, returned: [number, 'UNBOUND', mode, '', '', owner] }
}

export const oneBind: Rule = {
  name: 'one-bind-for-an-address',
  reason:
    'Two sockets cannot be bound to one address: the second is EEADDRINUSE at socket_bind. FluffOS lets both be bound, and the second fails to listen; of two datagram sockets one hears nothing.',
  apply(events) {
    const binds = new Binds()
    return events.map((event) => binds.next(event))
  },
}

/** Which socket has which address. */
class Binds {
  readonly #modes = new Map<unknown, unknown>()
  readonly #holders = new Map<string, unknown>()
  readonly #refused = new Set<unknown>()

  next(event: Observed): Observed {
    const [fd] = event.args ?? []
    if (event.did === 'socket_create') this.#modes.set(event.returned, fd)
    if (event.did === 'socket_close' && event.returned === 1) this.#forget(fd)
    if (event.did === 'socket_bind' && event.returned === 1 && !this.#take(event)) {
      this.#refused.add(fd)
      return returning(event, -9, 'EEADDRINUSE')
    }
    return this.#refused.has(fd) ? asUnbound(event) : event
  }

  /** False: somebody has the address already. */
  #take({ args = [] }: Observed): boolean {
    const [fd, port, address] = args
    const place = address ?? port
    if (portOf(place) === 0) return true
    const mode = this.#modes.get(fd)
    const key = `${mode === 2 || mode === 4 ? 'datagram' : 'stream'} ${String(place)}`
    if (this.#holders.has(key)) return false
    this.#holders.set(key, fd)
    return true
  }

  #forget(fd: unknown): void {
    for (const [place, holder] of this.#holders) if (holder === fd) this.#holders.delete(place)
    this.#refused.delete(fd)
  }
}

export const boundTakesConnections: Rule = {
  name: 'bound-takes-connections',
  reason:
    'Who connects to a stream that is bound and does not listen yet waits for socket_listen, and is reset if socket_connect or socket_close comes instead: Node cannot bind without listening. With FluffOS the connection is refused.',
  apply(events, { steps }) {
    return events.filter(({ peer, saw, step }) => {
      const isRefused = peer !== undefined && String(saw).startsWith('connect failed')
      return !isRefused || !isBoundAt(events, steps, step)
    })
  },
}

/** Is there a socket that is bound to the port, and neither listens nor has gone, in this step? */
function isBoundAt(events: readonly Observed[], steps: readonly Step[], at: number): boolean {
  const connecting = steps[at]
  const port = connecting && 'peer' in connecting ? (connecting.port ?? '<port>') : undefined
  const bound = new Map<unknown, unknown>()
  for (const event of events.filter(({ step }) => step < at)) {
    const [fd, second] = event.args ?? []
    if (event.returned !== 1) continue
    if (event.did === 'socket_bind') bound.set(fd, second)
    if (['socket_listen', 'socket_connect', 'socket_close'].includes(event.did ?? '')) bound.delete(fd)
  }
  return [...bound.values()].includes(port)
}

export const noBusyListening: Rule = {
  name: 'no-busy-listening',
  reason:
    'A listen callback that does not accept is called again after 10 ms, then after twice as long each time, up to a second. FluffOS calls it in every turn until somebody accepts.',
  apply(events) {
    let list = events
    for (let at = 0; at < list.length; at += 1) {
      const first = list[at]
      if (!first || !isIdleListen(list, at)) continue
      let to = at
      for (let next = at; isIdleListen(list, next) && isSameCall(first, list[next]); next = to + 1)
        to = endOf(list, next)
      if (to - at < BUSY) continue
      const { callback, args: _args, ...rest } = first
      const often: Observed = { ...rest, callback_summary: callback }
      list = [...list.slice(0, at), often, ...list.slice(to + 1)]
    }
    return list
  },
}

/** So many calls one after the other are a busy loop. */
const BUSY = 3

function isSameCall(first: Observed, other: Observed | undefined): boolean {
  return other?.step === first.step && other.callback === first.callback && isAbout(other, first.args?.[0])
}

/** Is it a call of a listen callback that accepts nobody? */
function isIdleListen(events: readonly Observed[], at: number): boolean {
  const event = events[at]
  if (event?.callback === undefined || event.args?.length !== 1) return false
  const isListen = /listen/.test(event.callback)
  return isListen && !events.slice(at, endOf(events, at) + 1).some(({ did }) => did === 'socket_accept')
}

export const takenWhole: Rule = {
  name: 'taken-whole-or-not-at-all',
  reason:
    'What is written to a stream is taken whole or refused, and EEWOULDBLOCK, which drops it, is only for more than 16 MiB at once. Where FluffOS says EEWOULDBLOCK because the system takes nothing more, it is taken: EECALLBACK.',
  apply: (events: readonly Observed[], _scenario: Scenario) =>
    events.map((event) =>
      event.did === 'socket_write' && event.returned === -17 ? returning(event, -29, 'EECALLBACK') : event,
    ),
}
