import fc from 'fast-check'
import { describe, it } from 'vitest'
import { DatagramWorld, datagramScript, reactions } from './support/datagram-model.ts'
import { MODEL_RUNS } from './support/property-runs.ts'

describe('the model of a datagram socket', () => {
  it('holds: each datagram is seen whole, in order and at most once, by the owner of that instant', async () => {
    await fc.assert(
      fc.asyncProperty(datagramScript, reactions, async (actions, behaviour) => {
        const world = new DatagramWorld(behaviour)
        await world.start()
        for (const action of actions) await world.act(action)
        await world.finish()
      }),
      { numRuns: MODEL_RUNS },
    )
  })
})
