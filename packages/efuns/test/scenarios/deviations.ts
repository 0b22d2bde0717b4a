import type { Observed, Scenario } from './scenario.ts'

/** A place where Mudwire does something else than the recorded driver, on purpose. */
export interface Deviation {
  readonly rule: string
}

export interface Expectation {
  readonly expected: readonly Observed[]
  readonly deviations: readonly Deviation[]
}

export function expectationOf(scenario: Scenario): Expectation {
  return { expected: scenario.observed, deviations: [] }
}
