import { isDeepStrictEqual } from 'node:util'
import type { Observed, Scenario } from '../scenario.ts'
import { acquiredOnly, noReleaseAtTheEnd, ownerWhileOffered, privateStaysPrivate } from './hand-over.ts'
import { neverTwice } from './numbers.ts'
import { boundTakesConnections, noBusyListening, oneBind, portsArePorts, takenWhole } from './places.ts'
import type { Rule } from './rule.ts'
import { emptyDatagrams, wholeTexts } from './texts.ts'

/** All places where Mudwire does something else than the recorded driver, on purpose. */
export const RULES: readonly Rule[] = [
  acquiredOnly,
  neverTwice,
  ownerWhileOffered,
  noReleaseAtTheEnd,
  wholeTexts,
  emptyDatagrams,
  privateStaysPrivate,
  portsArePorts,
  noBusyListening,
  boundTakesConnections,
  takenWhole,
  oneBind,
]

/** What is to happen here when a scenario is played, and which rules made it differ from the recording. */
export interface Expectation {
  readonly expected: readonly Observed[]
  readonly deviations: readonly Rule[]
}

export function expectationOf(scenario: Scenario): Expectation {
  let expected = scenario.observed
  const deviations = RULES.filter((rule) => {
    const before = expected
    expected = rule.apply(before, scenario)
    return !isDeepStrictEqual(before, expected)
  })
  return { expected: withCalls(expected), deviations }
}

/** A call returns what the last thing returned that was done in it. */
function withCalls(events: readonly Observed[]): readonly Observed[] {
  const list: Observed[] = []
  for (const event of events) {
    const last = list.at(-1)
    const isCall = event.end === 'call' && last !== undefined && 'returned' in last
    list.push(isCall ? { ...event, returned: last.returned } : event)
  }
  return list
}
