import type { Observed } from '../scenario.ts'
import { endOf } from '../structure.ts'
import { efunOf, isAbout, isStatus, type Rule, replaced, returning, statusWith } from './rule.ts'

/** A release with the events that it led to. */
interface Released {
  readonly from: number
  readonly to: number
  readonly fd: unknown
  readonly who: unknown
  /** Where the target acquired, in this very release. */
  readonly acquired: number | undefined
}

function releases(events: readonly Observed[]): readonly Released[] {
  return events.flatMap((event, from) => {
    const [fd] = event.args ?? []
    const to = endOf(events, from)
    if (event.begin !== 'socket_release' || to === from) return []
    return [{ from, to, fd, who: event.who, acquired: acquiredWithin(events, from, to, fd) }]
  })
}

/** What is acquired in a release inside this one is not acquired in this one. */
function acquiredWithin(
  events: readonly Observed[],
  from: number,
  to: number,
  fd: unknown,
): number | undefined {
  for (let at = from + 1; at < to; at += 1) {
    const event = events[at]
    if (!event) break
    if (event.begin === 'socket_release' && isAbout(event, fd)) at = endOf(events, at)
    else if (event.did === 'socket_acquire' && isAbout(event, fd) && event.returned === 1) return at
  }
  return undefined
}

export const acquiredOnly: Rule = {
  name: 'success-means-acquired',
  reason:
    'socket_release is EESUCCESS only where somebody acquired. A socket that was closed in the release callback, or whose owner was destructed there, is EEBADF: FluffOS says EESUCCESS, and nobody has the socket.',
  apply: (events) =>
    releases(events).reduce<readonly Observed[]>((list, { to, acquired }) => {
      const end = list[to]
      if (!end || acquired !== undefined || end.returned !== 1) return list
      return replaced(list, to, to, [returning(end, -6, 'EEBADF')])
    }, events),
}

export const ownerWhileOffered: Rule = {
  name: 'owner-while-offered',
  reason:
    'While its release is open a socket belongs to its owner, and socket_status says so: FluffOS shows 0, because two of its flags have the same bit.',
  apply: (events) =>
    releases(events).reduce<readonly Observed[]>((list, { from, to, fd, who, acquired }) => {
      const until = acquired ?? to
      return list.map((event, at) => {
        if (at <= from || at >= until || event.returned === undefined) return event
        if (event.did === 'socket_status' && isAbout(event, fd)) return withOwner(event, who)
        if (event.did !== 'status_all' || !Array.isArray(event.returned)) return event
        const returned = event.returned.map((status: unknown, number) =>
          number === fd && isUnowned(status) ? statusWith(status, 5, who) : status,
        )
        return { ...event, returned }
      })
    }, events),
}

function withOwner(event: Observed, who: unknown): Observed {
  return isUnowned(event.returned) ? { ...event, returned: statusWith(event.returned, 5, who) } : event
}

function isUnowned(status: unknown): status is readonly unknown[] {
  return isStatus(status) && status[1] !== 'CLOSED' && typeof status[5] !== 'string'
}

export const noReleaseAtTheEnd: Rule = {
  name: 'no-release-from-close-callback',
  reason:
    'A socket cannot be released from inside its own close callback: EEBADF. FluffOS says EESUCCESS, and then closes the socket without telling the new owner.',
  apply(events) {
    const closing = closeCallbacks(events)
    let list = events
    for (let at = 0; at < list.length; at += 1) {
      const callback = list[at]
      if (!callback?.callback || !closing.has(callback.callback)) continue
      const [fd] = callback.args ?? []
      for (let inside = at + 1; inside < endOf(list, at); inside += 1) {
        const event = list[inside]
        if (!event || !isAbout(event, fd) || (event.begin ?? event.did) !== 'socket_release') continue
        const { begin: _begin, ...rest } = event
        const refused = returning({ ...rest, did: 'socket_release' }, -6, 'EEBADF')
        list = replaced(list, inside, endOf(list, inside), [refused])
      }
    }
    return list
  },
}

/** The names that stand where an efun takes a close callback; functions are named so that they can be told. */
function closeCallbacks(events: readonly Observed[]): ReadonlySet<string> {
  const names = events.flatMap((event) => {
    if (efunOf(event) === 'socket_create') return [event.args?.[2]]
    return efunOf(event) === 'socket_acquire' ? [event.args?.[3]] : []
  })
  return new Set([...names.filter((name) => typeof name === 'string'), 'fp:c', 'fp:close'])
}

const PRIVATE = 'on_private'

export const privateStaysPrivate: Rule = {
  name: 'private-stays-private',
  reason:
    'A method that is private (#name, _name), or that every object inherits from Object.prototype, is never called by name; the callback counts as missing. FluffOS calls private functions, too.',
  apply(events) {
    let list = events
    const owners = new Map<unknown, { readonly before: unknown; readonly after: unknown }>()
    for (let at = 0; at < list.length; at += 1) {
      const event = list[at]
      if (!event) break
      if (event.callback === PRIVATE) {
        list = replaced(list, at, endOf(list, at), [])
        at -= 1
      } else if (event.begin === 'socket_release' && event.args?.[2] === PRIVATE) {
        const { begin: _begin, ...rest } = event
        const [fd, target] = event.args
        owners.set(fd, { before: event.who, after: target })
        const missing = returning({ ...rest, did: 'socket_release' }, -31, 'EESOCKNOTRLSD')
        list = replaced(list, at, endOf(list, at), [missing])
      } else list = replaced(list, at, at, [stillOwned(event, owners)])
    }
    return list
  },
}

/** Who would have acquired has not. */
function stillOwned(
  event: Observed,
  owners: Map<unknown, { readonly before: unknown; readonly after: unknown }>,
): Observed {
  const [fd] = event.args ?? []
  const owner = owners.get(fd)
  if (!owner) return event
  if (event.did === 'socket_acquire' && event.returned === 1) owners.delete(fd)
  if (event.did !== 'socket_status' || !isStatus(event.returned)) return event
  if (event.returned[5] !== owner.after) return event
  return { ...event, returned: statusWith(event.returned, 5, owner.before) }
}
