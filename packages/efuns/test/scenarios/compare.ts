import type { Places } from './places.ts'
import type { Step } from './scenario.ts'
import { type Event, type Placed, structure } from './structure.ts'
import { LONG } from './values.ts'

/** Numbers that the system gives out, and that a recording has as they were then. */
const isEphemeral = (value: unknown): boolean =>
  typeof value === 'number' && value >= 32_768 && value < 61_000

/**
 * The first difference between what is expected and what was seen, in words; undefined where there is none. What the steps
 * themselves led to must be the same in its order, and so must what came by itself; numbers of sockets stand for the
 * sockets, whatever they are.
 */
export function firstDifference(
  expected: readonly Event[],
  seen: readonly Event[],
  steps: readonly Step[],
  places: Places,
): string | undefined {
  const left = structure(named(expected), steps)
  const right = structure(named(seen), steps)
  return (
    differenceOf(left.filter(isOwn), right.filter(isOwn), places) ??
    differenceOf(
      left.filter((placed) => !isOwn(placed)),
      right.filter((placed) => !isOwn(placed)),
      places,
    )
  )
}

function isOwn({ isOwn: own }: Placed<Event>): boolean {
  return own
}

function differenceOf(
  expected: readonly Placed<Event>[],
  seen: readonly Placed<Event>[],
  places: Places,
): string | undefined {
  let at = 0
  for (const { event } of expected) {
    const consumed = isSummary(event) ? summarised(event, seen.slice(at)) : 1
    const { event: other } = seen[at] ?? {}
    const isSame = isSummary(event) ? consumed > 0 : other !== undefined && isSameEvent(event, other, places)
    if (!isSame)
      return `step ${event.step}: expected ${print(event)}, saw ${other ? print(other) : 'nothing'}`
    at += consumed
  }
  const more = seen[at]
  return more && `step ${more.event.step}: saw ${print(more.event)}, expected nothing more`
}

function print({ step: _step, ...event }: Event): string {
  const text = JSON.stringify(event, (_key, value: unknown) =>
    typeof value === 'bigint'
      ? String(value)
      : value instanceof Uint8Array
        ? Buffer.from(value).toString('hex')
        : value,
  )
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

/** Fields that say the same again, or in words. */
const IGNORED = new Set(['step', 'code', 'text', 'note'])

function isSameEvent(expected: Event, seen: Event, places: Places): boolean {
  if ('raised' in expected)
    return isSameRaise(expected, seen) && isSame({ ...expected, raised: 0 }, { ...seen, raised: 0 }, places)
  if ('uncaught_error' in expected) return isSameError(expected, seen, places)
  if ('peer' in expected) {
    const { peer, step: _step, saw, ...told } = expected
    return peer === seen.peer && isSameSight(saw ?? told, seen.saw)
  }
  if ('callback' in expected && !('args' in expected)) {
    const { callback, who: _who, step: _step, ...told } = expected
    return callback === seen.callback && isSameSight(told, { arrived: dataOf(seen) })
  }
  if (expected.did === 'status_all') {
    return expected.who === seen.who && isSameList(expected.returned, seen.returned, places)
  }
  return isSame(expected, seen, places, expected.did === 'vs_get')
}

/** Which argument of which efun was of the wrong type is what matters, not in which words. */
function isSameRaise(expected: Event, seen: Event): boolean {
  if (typeof seen.raised !== 'string') return false
  const [, position, efun] = /Bad argument (\d+) to (?:EFUN )?(\w+)\(\)/.exec(String(expected.raised)) ?? []
  return position === undefined || seen.raised.startsWith(`${efun}: argument ${position} `)
}

function isSameError(expected: Event, seen: Event, places: Places): boolean {
  if (!isSame(expected.who, seen.who, places) || typeof seen.uncaught_error !== 'string') return false
  const withoutObject = (text: unknown): string => String(text).replace(/\(.*?\)/, '()')
  return withoutObject(expected.uncaught_error) === withoutObject(seen.uncaught_error)
}

/** What a peer saw: bytes, how many, or the first of them; and how it ended. */
function isSameSight(expected: unknown, seen: unknown): boolean {
  if (typeof expected === 'string') {
    const [head = ''] = expected.split(':')
    return typeof seen === 'string' ? seen === expected || seen.startsWith(head) : false
  }
  if (typeof seen !== 'object' || seen === null || !('arrived' in seen))
    return expected === null && seen === 'nothing'
  const bytes = seen.arrived as Buffer
  const isSameField = ([key, value]: [string, unknown]): boolean => {
    if (value === undefined) return true
    switch (key) {
      case 'then':
        return 'ended' in seen && seen.ended === value
      case 'bytes':
        return typeof value === 'number' ? bytes.byteLength === value : isSameSight(value, { arrived: bytes })
      case 'length':
        return bytes.byteLength === value
      case 'hex':
      case 'bytes_hex':
        return bytes.toString('hex') === value
      case 'first_bytes_hex':
        return bytes.toString('hex').startsWith(String(value))
      default:
        return true
    }
  }
  return typeof expected === 'object' && expected !== null && Object.entries(expected).every(isSameField)
}

/** Closed sockets are not listed any more, and the others stand in the order of their numbers, which differ. */
function isSameList(expected: unknown, seen: unknown, places: Places): boolean {
  if (!Array.isArray(expected) || !Array.isArray(seen)) return false
  const open = expected.filter((status: unknown) => !Array.isArray(status) || status[1] !== 'CLOSED')
  return isSameInAnyOrder(open, seen, places)
}

/** LPC's mappings have an order of their own. */
function isSameMapping(expected: unknown, seen: unknown, places: Places): boolean {
  return Array.isArray(expected) && Array.isArray(seen) && isSameInAnyOrder(expected, seen, places)
}

function isSameInAnyOrder(expected: readonly unknown[], seen: readonly unknown[], places: Places): boolean {
  const left = [...seen]
  for (const item of expected) {
    const at = left.findIndex((other) => isSame(item, other, places))
    if (at < 0) return false
    left.splice(at, 1)
  }
  return left.length === 0
}

function isSame(expected: unknown, seen: unknown, places: Places, isLoose = false): boolean {
  if (typeof expected === 'string') return isSameText(expected, seen, places)
  if (typeof expected === 'bigint') return String(seen) === String(expected)
  if (typeof expected !== 'object' || expected === null) {
    return expected === seen || (isLoose && isEphemeral(expected) && isEphemeral(seen))
  }
  if ('float' in expected && typeof seen === 'object' && seen !== null && 'float' in seen) {
    return Number(expected.float) === Number(seen.float)
  }
  if ('length' in expected && !Array.isArray(expected) && (typeof seen === 'string' || isBufferHex(seen))) {
    return isSameSight(expected, { arrived: bytesShown(seen) })
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(seen) || seen.length !== expected.length) return false
    return expected.every((item, index) => isSame(item, seen[index], places, isLoose))
  }
  if (typeof seen !== 'object' || seen === null) return false
  if ('mapping' in expected && 'mapping' in seen) return isSameMapping(expected.mapping, seen.mapping, places)
  const fields = (value: object): [string, unknown][] =>
    Object.entries(value).filter(([key]) => !IGNORED.has(key))
  const others = new Map(fields(seen))
  const own = fields(expected)
  return (
    own.length === others.size &&
    own.every(([key, value]) => others.has(key) && isSame(value, others.get(key), places, isLoose))
  )
}

function isSameText(expected: string, seen: unknown, places: Places): boolean {
  if (expected === '<osfd>') return typeof seen === 'number' && seen >= 0
  if (expected === '<eph>') return isEphemeral(seen)
  if (expected === seen) return true
  const left = places.resolve(expected)
  const right = typeof seen === 'string' ? places.resolve(seen) : String(seen)
  if (left === right) return typeof seen === 'string' || expected.startsWith('<')
  const pattern = left.split('<eph>').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return pattern.length > 1 && new RegExp(`^${pattern.join('[1-9]\\d*')}$`).test(right)
}

function isBufferHex(value: unknown): value is { readonly buffer_hex: string } {
  return typeof value === 'object' && value !== null && 'buffer_hex' in value
}

/** The bytes of what a callback is shown to have got. */
export function bytesShown(value: string | { readonly buffer_hex: string }): Buffer {
  if (typeof value !== 'string') return Buffer.from(value.buffer_hex, 'hex')
  const [, count, letter = ''] = LONG.exec(value) ?? []
  return count === undefined ? Buffer.from(value) : Buffer.alloc(Number(count), letter)
}

// Summaries of several callbacks.

function isSummary(event: Event): boolean {
  const isOther = 'did' in event || 'begin' in event || 'callback' in event || 'peer' in event
  return !isOther && SUMMARIES.some((name) => name in event)
}

const SUMMARIES = ['callback_sizes', 'callback_summary', 'concatenated', 'length', 'first_bytes_hex'] as const

/** What a callback got, as bytes. */
function dataOf({ args }: Event): Buffer {
  const data: unknown = Array.isArray(args) ? args[1] : undefined
  return typeof data === 'string' || isBufferHex(data) ? bytesShown(data) : Buffer.alloc(0)
}

/** How many of these events a summary stands for; 0 where it does not fit them. */
function summarised(summary: Event, seen: readonly Placed<Event>[]): number {
  const callbacks = seen.findIndex(({ event }) => typeof event.callback !== 'string')
  const list = (callbacks < 0 ? seen : seen.slice(0, callbacks)).map(({ event }) => event)
  if ('callback_summary' in summary) {
    const told = JSON.stringify(summary.callback_summary)
    // What a callback did stands behind it, and then it is told of by itself.
    if (callbacks > 0 && !seen[callbacks]?.isOwn) list.pop()
    return list.filter((event) => told.includes(String(event.callback)) || !/on_/.test(told)).length
  }
  const texts = list.map(dataOf)
  const most = typeof summary.max === 'number' ? summary.max : Number.POSITIVE_INFINITY
  if (texts.some((bytes) => bytes.byteLength > most)) return 0
  const total = Buffer.concat(texts)
  if (typeof summary.total === 'number' && total.byteLength !== summary.total) return 0
  if (!isSameSight({ length: summary.length, first_bytes_hex: summary.first_bytes_hex }, { arrived: total }))
    return 0
  if (typeof summary.concatenated === 'string' && total.toString() !== summary.concatenated) return 0
  return list.length
}

/** How many bytes a summary says that callbacks got. */
export function bytesSummarised(event: Event): number | undefined {
  if (typeof event.total === 'number') return event.total
  if (isSummary(event) && typeof event.length === 'number') return event.length
  return typeof event.concatenated === 'string' ? Buffer.byteLength(event.concatenated) : undefined
}

// Sockets instead of numbers.

/** The same events with `#0`, `#1` … in the place of descriptors, in the order in which they were made. */
function named(events: readonly Event[]): readonly Event[] {
  const names = new Map<number, string>()
  let made = 0
  const nameOf = (number: unknown): unknown =>
    typeof number === 'number' ? (names.get(number) ?? number) : number
  const naming = (event: Event): Event => {
    const efun = event.did ?? event.begin ?? event.end
    const isMaking = efun === 'socket_create' || efun === 'socket_accept'
    const { args, returned } = event
    const hasNumber =
      'callback' in event ||
      efun === 'repeat_accept' ||
      (typeof efun === 'string' &&
        efun.startsWith('socket_') &&
        efun !== 'socket_create' &&
        efun !== 'socket_error')
    const first = Array.isArray(args) && hasNumber ? { args: [nameOf(args[0]), ...args.slice(1)] } : {}
    if (isMaking && typeof returned === 'number' && returned >= 0) {
      names.set(returned, `#${made}`)
      made += 1
    }
    if (efun === 'repeat_accept' && typeof returned === 'number') made += returned
    const result = isMaking && 'returned' in event ? { returned: nameOf(returned) } : {}
    if (event.did === 'vs_get' && Array.isArray(returned)) {
      return {
        ...event,
        returned: returned.map((asked: unknown[]) => [asked[0], nameOf(asked[1]), ...asked.slice(2)]),
      }
    }
    return { ...event, ...first, ...result }
  }
  return events.map(naming)
}
