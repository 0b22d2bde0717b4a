import { LpcFloat } from '../../src/lpc-value/index.ts'
import { type Actor, Destructed, PRIVATE, Thrown } from './actor.ts'
import type { Act } from './scenario.ts'
import type { Stage } from './stage.ts'
import { shown, shownArgument, valueWritten } from './values.ts'

/** Does one thing as an object, and writes it down. A promise where an efun of ours takes time. */
export function perform(stage: Stage, actor: Actor, act: Act): unknown {
  const verb = VERBS[act.do]
  if (verb) return saved(stage, act, verb(stage, actor, act.args ?? [], act.do))
  if (act.do in actor.io) return saved(stage, act, callEfun(stage, actor, act))
  throw new Error(`The runner does not know '${act.do}'.`)
}

function saved(stage: Stage, { save_as }: Act, result: unknown): unknown {
  if (!(result instanceof Promise)) {
    stage.save(save_as, result)
    return result
  }
  return result.then((value: unknown) => {
    stage.save(save_as, value)
    return value
  })
}

type Verb = (stage: Stage, actor: Actor, args: readonly unknown[], name: string) => unknown

const VERBS: Readonly<Record<string, Verb>> = {
  /** Another object acts at once: one operation, or several as lists. */
  call(stage, actor, args) {
    const [other, ...rest] = args
    const frame = stage.log.begin({ who: actor.who, begin: 'call', args })
    const operations = Array.isArray(rest[0]) ? (rest as readonly unknown[][]) : [rest]
    const acting = stage.actor(String(other).replace(/^@/, ''))
    let returned: unknown
    for (const operation of operations) returned = perform(stage, acting, actOf(operation))
    const seen = { who: actor.who, returned: shown(returned) }
    frame.end({ ...seen, did: 'call', args }, { ...seen, end: 'call' })
    return returned
  },

  /** The same after some seconds, wherever the number stands. */
  later(stage, actor, args) {
    const seconds = args.find((arg) => typeof arg === 'number' || arg instanceof LpcFloat) ?? 0
    const [other, ...operation] = args.filter((arg) => arg !== seconds)
    const isOther = typeof other === 'string' && other.startsWith('@')
    const acting = isOther ? stage.actor(other.slice(1)) : actor
    const rest = isOther ? operation : [other, ...operation]
    const operations = Array.isArray(rest[0]) ? (rest as readonly unknown[][]) : [rest]
    stage.later(Number(seconds), () => {
      for (const each of operations) perform(stage, acting, actOf(each))
    })
    return simple(stage, actor, 'later', args)
  },

  throw(stage, actor, args) {
    stage.log.begin({ who: actor.who, begin: 'throw', args }).abandon()
    throw new Thrown(actor, `*${String(args[0])}`)
  },

  destruct(stage, actor, args) {
    const target = stage.actor(String(args[0] ?? actor.shown).replace(/^@/, ''))
    if (target === actor) stage.log.begin({ who: actor.who, begin: 'destruct', args }).abandon()
    target.isDestructed = true
    stage.efuns.destruct(target)
    if (target === actor) throw new Destructed()
    return simple(stage, actor, 'destruct', args)
  },

  note: (stage, actor, args) => simple(stage, actor, 'note', args),

  deny(stage, actor, args) {
    stage.deny(args[0] !== 0)
    return simple(stage, actor, 'deny', args)
  },

  vs_watch(stage, actor, args) {
    stage.watch(args[0] !== 0)
    return simple(stage, actor, 'vs_watch', args)
  },

  vs_get(stage, actor, args) {
    stage.log.add({ who: actor.who, did: 'vs_get', args, returned: [...stage.watched] })
    return 0
  },

  status_all(stage, actor, args) {
    const returned = actor.io.socket_status()
    stage.log.add({ who: actor.who, did: 'status_all', args, returned: returned.map(shown) })
    return returned
  },

  /** Accepts until it fails, and says how many there were. */
  repeat_accept(stage, actor, args) {
    const [fd, read, write] = args.map((arg) => valueWritten(stage, actor, arg))
    let count = 0
    for (;;) {
      const number = actor.io.socket_accept(fd as number, read as string, write as string)
      if (number < 0) break
      stage.made(number)
      count += 1
    }
    const seen = args.map((arg, index) => shownArgument(arg, [fd, read, write][index]))
    stage.log.add({ who: actor.who, did: 'repeat_accept', args: seen, returned: count })
    return count
  },
}

function simple(stage: Stage, actor: Actor, did: string, args: readonly unknown[]): number {
  stage.log.add({ who: actor.who, did, args, returned: 0 })
  return 0
}

/** `["write", "$S", "text"]`: an efun without its prefix, or a verb. */
function actOf([name, ...args]: readonly unknown[]): Act {
  const verb = String(name)
  return { do: verb in VERBS || verb.startsWith('socket_') ? verb : `socket_${verb}`, args }
}

/** A number that only the recorded driver knew, and the method that is called otherwise here, are shown as written. */
function isStandIn(written: unknown, value: unknown, stage: Stage): boolean {
  return written === PRIVATE || (typeof written === 'number' && value === stage.closed)
}

type EfunName = keyof Actor['io']

function callEfun(stage: Stage, actor: Actor, { do: name, args: written = [] }: Act): unknown {
  const recorded = stage.recorded.find(({ did, begin }) => did === name || begin === name)?.args ?? []
  const values = written.map((arg, index) => argumentOf(stage, actor, name, arg, index, recorded[index]))
  const args = written.map((arg, index) =>
    isStandIn(arg, values[index], stage) ? arg : shownArgument(arg, values[index]),
  )
  const frame = stage.log.begin({ who: actor.who, begin: name, args })
  const end = (returned: unknown): unknown => {
    if (isMaking(name) && typeof returned === 'number' && returned >= 0) stage.made(returned)
    const seen = { who: actor.who, returned: shown(returned) }
    frame.end({ ...seen, did: name, args }, { ...seen, end: name })
    return returned
  }
  const raise = (error: unknown): undefined => {
    const seen = { who: actor.who, raised: error instanceof Error ? error.message : String(error) }
    frame.end({ ...seen, did: name, args }, { ...seen, end: name })
  }
  let result: unknown
  try {
    const efun = actor.io[name as EfunName] as (...args: unknown[]) => unknown
    result = efun(...values)
  } catch (error) {
    return raise(error)
  }
  if (!(result instanceof Promise)) return end(result)
  frame.detach()
  return result.then(end, raise)
}

function argumentOf(
  stage: Stage,
  actor: Actor,
  efun: string,
  written: unknown,
  index: number,
  recorded: unknown,
): unknown {
  if (written === PRIVATE) return `_${PRIVATE}`
  const isNumber = index === 0 && efun !== 'socket_create' && efun !== 'socket_error'
  if (!isNumber || typeof written !== 'number') return valueWritten(stage, actor, written, recorded)
  // A number that is written out is one of the recorded driver's.
  const number = stage.numbers.get(written)
  if (number !== undefined) return number
  return written >= 0 && written < SLOTS ? stage.closed : written
}

/** The recorded driver had at least so many numbers in use before, and not as many as the scenarios mean by "out of range". */
const SLOTS = 100

function isMaking(efun: string): boolean {
  return efun === 'socket_create' || efun === 'socket_accept'
}
