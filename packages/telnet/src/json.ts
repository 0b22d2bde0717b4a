const decoder = new TextDecoder('utf-8', { fatal: true })

const DEEPEST = 16
const MOST_VALUES = 1_024

/**
 * JSON from a peer, in objects without a prototype. Undefined where it is none, nests deeper than 16, has more than 1,024
 * values, or a key that would reach a prototype when it is copied.
 */
export function readJson(bytes: Uint8Array): unknown {
  try {
    return copy(JSON.parse(decoder.decode(bytes)), 0, { left: MOST_VALUES })
  } catch {
    return undefined
  }
}

function copy(value: unknown, depth: number, budget: { left: number }): unknown {
  budget.left -= 1
  if (budget.left < 0 || depth > DEEPEST) throw new RangeError('too much JSON')
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1, budget))
  const result: Record<string, unknown> = Object.create(null)
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype')
      throw new RangeError('a hostile key')
    result[key] = copy(item, depth + 1, budget)
  }
  return result
}
