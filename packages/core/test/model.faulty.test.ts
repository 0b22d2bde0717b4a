import fc from 'fast-check'
import { describe, it } from 'vitest'
import { faults } from './support/faulty-link.ts'
import { rudeReactions, rudeScript } from './support/model-actions.ts'
import { FAULTY_EXAMPLES } from './support/model-examples.ts'
import { World } from './support/model-world.ts'
import { MODEL_RUNS } from './support/property-runs.ts'

const early = fc.constantFrom('nothing', 'nothing', 'nothing', 'send', 'end', 'leave', 'reset' as const)

describe('the model of a faulty transport', () => {
  it('holds whatever the link does: it may break its own connection, and never the promise', async () => {
    await fc.assert(
      fc.asyncProperty(
        rudeScript,
        rudeReactions,
        fc.record({ calls: faults, early }),
        async (actions, reacting, faulty) => {
          const world = new World(reacting, faulty)
          await world.start()
          for (const action of actions) world.act(action)
          world.finish()
        },
      ),
      { numRuns: MODEL_RUNS, examples: FAULTY_EXAMPLES },
    )
  })
})
