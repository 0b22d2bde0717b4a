import type { Chapter } from './rule.ts'
import { closingRules } from './rules/closing.ts'
import { connectingRules } from './rules/connecting.ts'
import { leavingRules } from './rules/leaving.ts'
import { leftoverRules } from './rules/leftovers.ts'
import { listeningRules } from './rules/listening.ts'
import { pausingRules } from './rules/pausing.ts'
import { readingRules } from './rules/reading.ts'
import { writingRules } from './rules/writing.ts'

/** Everything that a transport of links owes. */
export const CHAPTERS: readonly Chapter[] = [
  { title: 'a listener', rules: listeningRules },
  { title: 'connecting', rules: connectingRules },
  { title: 'reading', rules: readingRules },
  { title: 'pausing', rules: pausingRules },
  { title: 'writing', rules: writingRules },
  { title: 'the end', rules: closingRules },
  { title: 'a peer that leaves', rules: leavingRules },
  { title: 'what is left', rules: leftoverRules },
]
