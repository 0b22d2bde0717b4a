/** A player's name as the world writes it: `Ada`. */
export type PlayerName = string & { readonly __brand: 'PlayerName' }

const SHORTEST = 2
const LONGEST = 16
const LETTERS = /^[A-Za-z]+$/

/** Words that a name must not be, because sentences of the world use them. */
const TAKEN: ReadonlySet<string> = new Set([
  'you',
  'someone',
  'somebody',
  'everyone',
  'nobody',
  'me',
  'all',
  'the',
  'cat',
])

export type NameResult =
  | { readonly ok: true; readonly name: PlayerName }
  | { readonly ok: false; readonly why: string }

/** Plain letters only: two names that look alike are then the same name. */
export function parseName(typed: string): NameResult {
  const name = typed.trim()
  if (name.length < SHORTEST || name.length > LONGEST) {
    return { ok: false, why: `A name has ${SHORTEST} to ${LONGEST} letters.` }
  }
  if (!LETTERS.test(name)) return { ok: false, why: 'A name has only the letters A to Z.' }
  if (TAKEN.has(name.toLowerCase())) return { ok: false, why: 'That word is needed elsewhere.' }
  return { ok: true, name: (name.charAt(0).toUpperCase() + name.slice(1).toLowerCase()) as PlayerName }
}
