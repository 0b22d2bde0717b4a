import { type Outcome, replay } from './replay.ts'
import { readScenarios, type Scenario } from './scenario.ts'

/** So many are played at a time: they mostly wait. */
const AT_A_TIME = 8

/** Plays all scenarios of a file, and calls back with each outcome in their order. */
export async function replayFile(file: string, tell: (outcome: Outcome) => void): Promise<void> {
  await replayAll(readScenarios(file), tell)
}

/** Plays scenarios, several at a time, and calls back with each outcome in their order. */
export async function replayAll(
  scenarios: readonly Scenario[],
  tell: (outcome: Outcome) => void,
): Promise<void> {
  const running: Promise<Outcome>[] = []
  for (const scenario of scenarios) {
    if (running.length === AT_A_TIME) await tellOldest(running, tell)
    running.push(replay(scenario))
  }
  while (running.length > 0) await tellOldest(running, tell)
}

async function tellOldest(running: Promise<Outcome>[], tell: (outcome: Outcome) => void): Promise<void> {
  const [oldest] = running.splice(0, 1)
  if (oldest) tell(await oldest)
}
