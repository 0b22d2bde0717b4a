import { describe, expect, it } from 'vitest'
import { CHAPTERS } from '../src/chapters.ts'
import { runRule } from '../src/rule.ts'
import type { Breach } from './broken/breach.ts'
import { closingBreaches } from './broken/closing.ts'
import { connectingBreaches } from './broken/connecting.ts'
import { everyCallBreaches } from './broken/every-call.ts'
import { leavingBreaches } from './broken/leaving.ts'
import { leftoverBreaches } from './broken/leftovers.ts'
import { listeningBreaches } from './broken/listening.ts'
import { readingBreaches } from './broken/reading.ts'
import { writingBreaches } from './broken/writing.ts'

/*
 * For every rule at least one transport that breaks it and nothing else; the same transport without the breach passes
 * in memory.test.ts. What the kit waits for in vain never comes, so that there is no need to be patient.
 */

const breaches: readonly Breach[] = [
  ...listeningBreaches,
  ...connectingBreaches,
  ...readingBreaches,
  ...writingBreaches,
  ...leavingBreaches,
  ...closingBreaches,
  ...leftoverBreaches,
  ...everyCallBreaches,
]
const rules = CHAPTERS.flatMap((chapter) => chapter.rules)

describe('a transport is caught that', () => {
  it.each(breaches)(
    '$does, where a sound one $rule',
    async ({ rule: name, complaint, setup, capabilities }) => {
      const rule = rules.find((candidate) => candidate.name === name)
      if (!rule) throw new Error(`There is no rule '${name}'.`)
      const options = {
        name: 'broken',
        setup,
        capabilities: { shape: 'stream', halfClose: true, ...capabilities },
        patienceMs: 250,
      } as const
      expect(rule.concerns?.(options.capabilities)).not.toBe(false)
      await expect(runRule(rule, options)).rejects.toThrow(complaint)
    },
  )
})

it('there is a breach of every rule', () => {
  const broken = new Set(breaches.map(({ rule }) => rule))
  expect(rules.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([])
})
