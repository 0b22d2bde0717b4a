import type { Action } from './model-actions.ts'
import type { Faults } from './model-world.ts'

/*
 * Every counterexample that a model has ever found, shrunk, as fast-check prints it behind `Counterexample:`. The models
 * run these first. The value is kept and not the seed, which means another script as soon as the model grows. Each says
 * what was wrong. Those of mutants that chance finds only once in hundreds of scripts are here too, so that
 * `npx pnpm@12 mutants` does not depend on it.
 */

export const MODEL_EXAMPLES: [script: Action[], reactions: Action[][]][] = [
  // The model itself: handlers run while a peer leaves, and what they write then need not arrive.
  [
    [{ do: 'send', size: 5 }, { do: 'send', size: 1 }, { do: 'leave' }],
    [
      [{ do: 'stall' }, { do: 'write', size: 150 }],
      [{ do: 'burst', sizes: [4, 4, 1] }],
      [],
      [{ do: 'write', size: 150 }],
      [{ do: 'write', size: 150 }],
    ],
  ],
  // A mutant: the pause of the old owner was taken for the new one's.
  [
    [
      { do: 'pause' },
      { do: 'release', to: 0, answer: { do: 'acquire', mode: 'line', next: 'receive' } },
      { do: 'run' },
    ],
    [],
  ],
]

export const FAULTY_EXAMPLES: [script: Action[], reactions: Action[][], faults: Faults][] = [
  // An owner that reads bytes, and that had seen the end, was given what a link sent behind it.
  [
    [{ do: 'offer', to: 0, answer: { do: 'acquire', mode: 'none', next: 'receive' } }],
    [
      [
        { do: 'rude', fault: 'end' },
        { do: 'release', to: 1, answer: { do: 'acquire', mode: 'line', next: 'return' } },
      ],
    ],
    { calls: [], early: 'send' },
  ],
  [
    [
      { do: 'release', to: 1, answer: { do: 'acquire', mode: 'bytes', next: 'return' } },
      { do: 'run' },
      { do: 'rude', fault: 'end' },
      { do: 'run' },
      { do: 'rude', fault: 'deliver' },
    ],
    [],
    { calls: [], early: 'nothing' },
  ],
  // A mutant: two closes of a link were taken for two.
  [
    [{ do: 'rude', fault: 'close' }],
    [[{ do: 'offer', to: 0, answer: { do: 'wait' } }]],
    { calls: [], early: 'send' },
  ],
  // A mutant: a signal overtook the lines before it.
  [[{ do: 'pause' }, { do: 'signal' }], [], { calls: [[], [], ['deliver'], ['deliver']], early: 'nothing' }],
  // A mutant: more was unsent than the hard limit.
  [
    [
      { do: 'write', size: 150 },
      { do: 'write', size: 1 },
      { do: 'write', size: 150 },
    ],
    [],
    { calls: [], early: 'nothing' },
  ],
]
