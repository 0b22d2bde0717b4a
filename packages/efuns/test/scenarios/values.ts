import { LpcFloat } from '../../src/lpc-value/index.ts'
import { type Actor, isActor, type Stage } from './stage.ts'

/** What the recordings write `<3000000 x 'x'>`. */
export const LONG: RegExp = /^<(\d+) x '(.)'>$/
/** Numbers that stand for themselves only in the run they were recorded in. */
const PLACE = /<(port2?|peer:\w+)>/g

/** Turns what stands in a step into a value. `recorded` is what the recording shows of it, for the order of mappings. */
export function valueWritten(stage: Stage, actor: Actor, written: unknown, recorded?: unknown): unknown {
  if (typeof written === 'string') return textValue(stage, actor, written)
  if (Array.isArray(written)) {
    const shown: readonly unknown[] = Array.isArray(recorded) ? recorded : []
    return written.map((item, index) => valueWritten(stage, actor, item, shown[index]))
  }
  if (typeof written !== 'object' || written === null || written instanceof LpcFloat) return written
  return mappingOf(stage, actor, written as Readonly<Record<string, unknown>>, recorded)
}

/** JSON has no integers for keys, and a mapping of LPC's has an order of its own: the recording knows both. */
function mappingOf(
  stage: Stage,
  actor: Actor,
  written: Readonly<Record<string, unknown>>,
  recorded: unknown,
): Map<unknown, unknown> {
  const pairs =
    typeof recorded === 'object' && recorded !== null && 'mapping' in recorded
      ? (recorded.mapping as readonly (readonly [unknown, unknown])[])
      : Object.keys(written).map((key) => [/^-?\d+$/.test(key) ? Number(key) : key, undefined] as const)
  return new Map(pairs.map(([key, shown]) => [key, valueWritten(stage, actor, written[String(key)], shown)]))
}

function textValue(stage: Stage, actor: Actor, text: string): unknown {
  if (text.startsWith('$')) return stage.valueNamed(text.slice(1))
  if (text.startsWith('@')) return stage.actor(text.slice(1))
  if (text.startsWith('&')) return stage.functionOf(actor, text.slice(1))
  const [, maker, name] = /^~(\w+):(.+)$/.exec(text) ?? []
  if (maker !== undefined && name !== undefined) return stage.functionOf(stage.actor(maker), name)
  const [, count, letter = ''] = LONG.exec(text) ?? []
  if (count !== undefined) return letter.repeat(Number(count))
  const [, hex] = /^<buffer ([0-9a-f]*)>$/.exec(text) ?? []
  if (hex !== undefined) return Buffer.from(hex, 'hex')
  const [, lpc] = /^<LPC value: (.*)>$/.exec(text) ?? []
  if (lpc !== undefined) return lpcValue(actor, lpc)
  const [whole] = /^<(port2?|peer:\w+|osfd|eph)>$/.exec(text) ?? []
  return whole === undefined ? text.replace(PLACE, (token) => String(stage.place(token))) : stage.place(whole)
}

/** `2` in `object 2` and the like only tells two of them apart. */
function lpcValue(actor: Actor, written: string): unknown {
  const [kind, detail = ''] = written.split(' ')
  switch (kind) {
    case 'object':
      return actor
    case 'function':
      return () => {}
    case 'buffer':
      return Uint8Array.of(1, 200, 0)
    case 'float':
      return new LpcFloat(Number(detail))
    case 'mixedarr':
      return [1, new LpcFloat(1.5), 's', -1]
    case 'arrayobj':
      return [1, actor, 2]
    case 'arrayfn':
      return [1, () => {}, 2]
    case 'arraybuf':
      return [1, Uint8Array.of(1, 200, 0), 2]
    case 'deep':
      return nested(Number(detail))
    case 'undef':
      return undefined
    default:
      throw new Error(`The runner does not know the LPC value '${written}'.`)
  }
}

function nested(depth: number): unknown {
  let value: unknown = [1]
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}

/** How the recordings show an argument: what is only a stand-in stays one. */
export function shownArgument(written: unknown, value: unknown): unknown {
  const isStandIn = typeof written === 'string' && /^<(?!eph|osfd)|^@|<port|<peer/.test(written)
  return isStandIn ? written : shown(value)
}

/** How the recordings show a value. */
export function shown(value: unknown): unknown {
  if (value === undefined) return { undefined: true }
  if (typeof value === 'function') return { fn: 1 }
  if (typeof value === 'string') return shownText(value)
  if (value instanceof LpcFloat) return { float: value.toString() }
  if (typeof value === 'number' && !Number.isInteger(value)) return { float: String(value) }
  if (value instanceof Uint8Array) return { buffer_hex: Buffer.from(value).toString('hex') }
  if (isActor(value)) return value.shown
  if (Array.isArray(value)) return value.map(shown)
  if (value instanceof Map) return { mapping: [...value].map(([key, item]) => [shown(key), shown(item)]) }
  return value
}

function shownText(text: string): string {
  const [letter = ''] = text
  return text.length > 1_000 && text === letter.repeat(text.length) ? `<${text.length} x '${letter}'>` : text
}
