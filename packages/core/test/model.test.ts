import fc from 'fast-check'
import { describe, it } from 'vitest'
import { reactions, script } from './support/model-actions.ts'
import { MODEL_EXAMPLES } from './support/model-examples.ts'
import { World } from './support/model-world.ts'
import { MODEL_RUNS } from './support/property-runs.ts'

describe('the model', () => {
  it('holds whatever owners, peer and clock do, from outside and from within handlers', async () => {
    await fc.assert(
      fc.asyncProperty(script, reactions, async (actions, reacting) => {
        const world = new World(reacting)
        await world.start()
        for (const action of actions) world.act(action)
        world.finish()
      }),
      { numRuns: MODEL_RUNS, examples: MODEL_EXAMPLES },
    )
  })
})
