import fc from 'fast-check'
import { type Rudeness, rudeness } from './faulty-link.ts'

export type Mode = 'line' | 'text' | 'bytes' | 'none'

/** What a target does when it has acquired, still inside the offer. */
const AFTERWARDS = ['return', 'throw', 'close', 'back', 'onward', 'receive'] as const

/** What a target does with an offer. */
export type Answer =
  | { readonly do: 'acquire'; readonly mode: Mode; readonly next: (typeof AFTERWARDS)[number] }
  | { readonly do: 'decline' | 'return' | 'throw' | 'die' | 'closeFirst' }
  | { readonly do: 'wait' }

/** Something that a test or a handler does. */
export type Action =
  | { readonly do: 'send'; readonly size: number }
  | { readonly do: 'burst'; readonly sizes: readonly number[] }
  | { readonly do: 'signal' | 'stall' | 'unstall' | 'end' | 'leave' | 'reset' }
  | { readonly do: 'write'; readonly size: number }
  | { readonly do: 'pause' | 'resume' | 'flush' | 'close' | 'abort' | 'throw' | 'withdraw' }
  /** The owner dies; `answer` is its heir's, if it has one. */
  | { readonly do: 'destroy'; readonly answer: Answer }
  | { readonly do: 'handle'; readonly mode: Mode }
  | { readonly do: 'release' | 'offer'; readonly to: number; readonly answer: Answer }
  | { readonly do: 'answerLate'; readonly acquire: boolean; readonly mode: Mode }
  | { readonly do: 'turn' | 'run' }
  | { readonly do: 'wait'; readonly ms: number }
  /** The link does what no link should, without having been called. */
  | { readonly do: 'rude'; readonly fault: Rudeness }

const mode = fc.constantFrom<Mode[]>('line', 'text', 'bytes', 'none')
const size = fc.integer({ min: 1, max: 9 })

const answer: fc.Arbitrary<Answer> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('acquire' as const),
      mode,
      next: fc.constantFrom(...AFTERWARDS),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'decline' as const,
        'return' as const,
        'throw' as const,
        'die' as const,
        'closeFirst' as const,
      ),
    }),
  },
)

/** Rare: what ends the connection, and with it most of what a run can show. */
const endings: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    do: fc.constantFrom(
      'end' as const,
      'leave' as const,
      'reset' as const,
      'close' as const,
      'abort' as const,
    ),
  }),
  fc.record({ do: fc.constant('destroy' as const), answer }),
)

const calls: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    do: fc.constant('write' as const),
    size: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(150)),
  }),
  fc.record({
    do: fc.constantFrom('pause' as const, 'resume' as const, 'flush' as const, 'withdraw' as const),
  }),
  fc.record({ do: fc.constant('handle' as const), mode }),
  fc.record({ do: fc.constant('release' as const), to: fc.nat(2), answer }),
  fc.record({ do: fc.constant('release' as const), to: fc.nat(2), answer }),
  fc.record({
    do: fc.constant('offer' as const),
    to: fc.nat(2),
    answer: fc.oneof(answer, fc.constant<Answer>({ do: 'wait' })),
  }),
)

const network: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constant('send' as const), size }),
  fc.record({ do: fc.constant('send' as const), size }),
  fc.record({ do: fc.constant('burst' as const), sizes: fc.array(size, { minLength: 2, maxLength: 4 }) }),
  fc.record({ do: fc.constantFrom('signal' as const, 'stall' as const, 'unstall' as const) }),
)

const time: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constantFrom('turn' as const, 'run' as const) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(100, 3_000, 6_000) }),
)

const late: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('answerLate' as const),
  acquire: fc.boolean(),
  mode,
})

const rude: fc.Arbitrary<Action> = fc.record({ do: fc.constant('rude' as const), fault: rudeness })

function scriptOf(network: fc.Arbitrary<Action>): fc.Arbitrary<Action[]> {
  return fc.array(
    fc.oneof(
      { weight: 5, arbitrary: network },
      { weight: 4, arbitrary: calls },
      { weight: 2, arbitrary: time },
      { weight: 2, arbitrary: late },
      { weight: 1, arbitrary: endings },
    ),
    { maxLength: 40 },
  )
}

function reactionsOf(network: fc.Arbitrary<Action>): fc.Arbitrary<Action[][]> {
  return fc.array(
    fc.array(
      fc.oneof(
        { weight: 6, arbitrary: calls },
        { weight: 2, arbitrary: network },
        { weight: 1, arbitrary: fc.constant<Action>({ do: 'throw' }) },
        { weight: 1, arbitrary: endings },
      ),
      { maxLength: 3 },
    ),
    { maxLength: 20 },
  )
}

/** What happens from outside, in order. */
export const script: fc.Arbitrary<Action[]> = scriptOf(network)
/** What handlers do, one entry for each call of a handler. */
export const reactions: fc.Arbitrary<Action[][]> = reactionsOf(network)

/** The same where the link is rude as well. */
export const rudeScript: fc.Arbitrary<Action[]> = scriptOf(fc.oneof(network, rude))
export const rudeReactions: fc.Arbitrary<Action[][]> = reactionsOf(fc.oneof(network, rude))
