import fc from 'fast-check'

/** How often each property is tried. More by hand: `npx pnpm@12 model` tries the model 100,000 times. */
const RUNS = Number(process.env.FC_RUNS ?? 1_000)

/** The model is tried five times as often. */
export const MODEL_RUNS: number = RUNS * 5

fc.configureGlobal({ numRuns: RUNS })
