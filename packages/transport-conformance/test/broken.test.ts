import { describe, expect, it } from 'vitest'
import { DATAGRAM_CHAPTERS, LINK_CHAPTERS } from '../src/chapters.ts'
import { DatagramScene } from '../src/datagrams/datagram-scene.ts'
import { play, type Rule } from '../src/rule.ts'
import { Scene } from '../src/scene.ts'
import type { Breach } from './broken/breach.ts'
import { closingBreaches } from './broken/closing.ts'
import { connectingBreaches } from './broken/connecting.ts'
import { datagramBreaches } from './broken/datagrams.ts'
import { everyCallBreaches } from './broken/every-call.ts'
import { leavingBreaches } from './broken/leaving.ts'
import { leftoverBreaches } from './broken/leftovers.ts'
import { listeningBreaches } from './broken/listening.ts'
import { readingBreaches } from './broken/reading.ts'
import { writingBreaches } from './broken/writing.ts'

/*
 * For every rule at least one transport that breaks it; the same transport without the breach passes in memory.test.ts.
 * What the kit waits for in vain never comes, so that there is no need to be patient.
 */

const linkBreaches: readonly Breach[] = [
  ...listeningBreaches,
  ...connectingBreaches,
  ...readingBreaches,
  ...writingBreaches,
  ...leavingBreaches,
  ...closingBreaches,
  ...leftoverBreaches,
  ...everyCallBreaches,
]
const linkRules = LINK_CHAPTERS.flatMap(({ rules }) => rules)
const datagramRules = DATAGRAM_CHAPTERS.flatMap(({ rules }) => rules)
const impatient = { name: 'broken', patienceMs: 250 }

describe('a transport of links is caught that', () => {
  it.each(linkBreaches)(
    '$does: a sound one $rule',
    async ({ rule: name, complaint, setup, capabilities }) => {
      const rule = named(linkRules, name)
      const options = {
        ...impatient,
        setup,
        capabilities: { shape: 'stream', halfClose: true, ...capabilities },
      } as const
      expect(rule.concerns?.(options.capabilities)).not.toBe(false)
      await expect(play(rule, new Scene(setup(), options))).rejects.toThrow(complaint)
    },
  )

  it('breaks any of the rules', () => {
    expect(unbroken(linkRules, linkBreaches)).toEqual([])
  })
})

describe('a transport of datagrams is caught that', () => {
  it.each(datagramBreaches)(
    '$does: a sound one $rule',
    async ({ rule: name, complaint, setup, capabilities }) => {
      const rule = named(datagramRules, name)
      const options = { ...impatient, setup, capabilities: { datagram: true, ...capabilities } } as const
      expect(rule.concerns?.(options.capabilities)).not.toBe(false)
      await expect(play(rule, new DatagramScene(setup(), options))).rejects.toThrow(complaint)
    },
  )

  it('breaks any of the rules', () => {
    expect(unbroken(datagramRules, datagramBreaches)).toEqual([])
  })
})

function named<Scene, Capabilities>(
  rules: readonly Rule<Scene, Capabilities>[],
  name: string,
): Rule<Scene, Capabilities> {
  const rule = rules.find((candidate) => candidate.name === name)
  if (!rule) throw new Error(`There is no rule '${name}'.`)
  return rule
}

/** The rules that no breach breaks. */
function unbroken(
  rules: readonly { readonly name: string }[],
  breaches: readonly { readonly rule: string }[],
): readonly string[] {
  const broken = new Set(breaches.map(({ rule }) => rule))
  return rules.map(({ name }) => name).filter((name) => !broken.has(name))
}
