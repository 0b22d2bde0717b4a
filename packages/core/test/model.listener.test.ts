import fc from 'fast-check'
import { describe, it } from 'vitest'
import { arrivals, ListenerWorld, listenerScript } from './support/listener-model.ts'
import { MODEL_RUNS } from './support/property-runs.ts'

describe('the model of a listener', () => {
  it('holds whatever owners and clients do: nobody is lost, overtaken or served twice', async () => {
    await fc.assert(
      fc.asyncProperty(listenerScript, arrivals, async (actions, behaviour) => {
        const world = new ListenerWorld(behaviour)
        await world.start()
        for (const action of actions) await world.act(action)
        await world.finish()
      }),
      { numRuns: MODEL_RUNS },
    )
  })
})
