import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { expectationOf, RULES } from './scenarios/deviations/index.ts'
import { needsSlowPeers, replay } from './scenarios/replay.ts'
import { readScenarios } from './scenarios/scenario.ts'
import { hasPython } from './scenarios/slow-peer.ts'

const scenarios = readScenarios(fileURLToPath(new URL('scenarios/scenarios.json', import.meta.url)))

describe('what a real driver did', () => {
  it.concurrent.each(scenarios)('$name', async (scenario) => {
    const { difference, isSkipped } = await replay(scenario)
    expect(difference).toBeUndefined()
    if (!isSkipped) return
    expect(process.env.CI, 'python3 is missing; scripts/install-test-programs.sh installs it').toBeFalsy()
  })
})

it('says which recordings cannot be played without a program that is missing', (test) => {
  const missing = hasPython ? [] : scenarios.filter(needsSlowPeers).map(({ name }) => name)
  if (missing.length > 0) {
    test.skip(
      `python3 is missing, scripts/install-test-programs.sh installs it; not played: ${missing.join(', ')}`,
    )
  }
})

describe('the places where Mudwire does better', () => {
  const different = scenarios
    .map((scenario) => ({ scenario, ...expectationOf(scenario) }))
    .filter(({ deviations }) => deviations.length > 0)

  it('stand beside the recordings, with the reason and with what is expected instead', async () => {
    const lines = different.map(({ scenario, expected, deviations }) =>
      JSON.stringify({
        scenario: scenario.name,
        because: deviations.map(({ name }) => name),
        instead: differencesByStep(scenario.observed, expected),
      }),
    )
    await expect(`[\n${lines.join(',\n')}\n]\n`).toMatchFileSnapshot('scenarios/deviations.json')
  })

  it('are nowhere else: a recording that no rule speaks of is expected as it is', () => {
    const names = new Set(different.map(({ scenario }) => scenario.name))
    for (const scenario of scenarios.filter(({ name }) => !names.has(name))) {
      expect(expectationOf(scenario).expected).toEqual(scenario.observed)
    }
  })

  it('have reasons of their own', () => {
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length)
    for (const { reason } of RULES) expect(reason).toMatch(/\.$/)
  })
})

/** The events of those steps in which they differ, as they were recorded and as they are to be. */
function differencesByStep(
  recorded: readonly { readonly step: number }[],
  expected: readonly { readonly step: number }[],
): unknown[] {
  const steps = [...new Set([...recorded, ...expected].map(({ step }) => step))].sort(
    (one, other) => one - other,
  )
  return steps.flatMap((step) => {
    const of = (events: readonly { readonly step: number }[]) => events.filter((event) => event.step === step)
    const [before, after] = [of(recorded), of(expected)]
    return JSON.stringify(before) === JSON.stringify(after)
      ? []
      : [{ step, recorded: before, expected: after }]
  })
}
