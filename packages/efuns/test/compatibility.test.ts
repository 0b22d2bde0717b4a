import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { expectationOf, RULES } from './scenarios/deviations/index.ts'
import { readScenarios } from './scenarios/scenario.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

it('docs/mudos-compatibility.md lists every rule with its reason, and the recordings that it changes', () => {
  const page = readFileSync(path('../../../docs/mudos-compatibility.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (.*?) +\| (.*?) *\|$/gm)].map(
    ([, name, reason, names = '']) => ({
      name,
      reason,
      recordings: [...names.matchAll(/`(\w+)`/g)].map(([, recording]) => recording),
    }),
  )
  const scenarios = readScenarios(path('scenarios/scenarios.json')).map((scenario) => ({
    scenario: scenario.name,
    rules: expectationOf(scenario).deviations,
  }))
  const expected = RULES.map((rule) => ({
    name: rule.name,
    reason: rule.reason,
    recordings: scenarios.filter(({ rules }) => rules.includes(rule)).map(({ scenario }) => scenario),
  }))
  expect(rows).toEqual(expected)
})
