import fc from 'fast-check'

/** How often each property is tried. More by hand: `FC_RUNS=100000 npx pnpm@12 --filter @mudwire/core test`. */
export const RUNS: number = Number(process.env.FC_RUNS ?? 1_000)

fc.configureGlobal({ numRuns: RUNS })
